// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/photos/photo.h"

#include <gtest/gtest.h>

#include "inference/ground/sha256.h"
#include "inference/ground/test_data.h"

namespace pw::inference {
namespace {

using Bytes = std::vector<std::uint8_t>;

// A row of gray pixels.
Photo row_of(const Bytes& grays) {
  Photo photo{static_cast<int>(grays.size()), 1, {}};
  for (const std::uint8_t gray : grays) photo.rgb.insert(photo.rgb.end(), 3, gray);
  return photo;
}

Bytes reds(const Bytes& rgb) {
  Bytes channel;
  for (std::size_t i = 0; i < rgb.size(); i += 3) channel.push_back(rgb[i]);
  return channel;
}

TEST(Sha256, OfKnownTexts) {
  EXPECT_EQ(sha256_hex(std::string_view("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex(std::string_view("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(ResizePhoto, NearestTakesTheSourcePixelUnderTheCentre) {
  EXPECT_EQ(reds(resize_photo(row_of({10, 20, 30, 40, 50}), 2, 1, Resize::nearest)), (Bytes{20, 40}));
  EXPECT_EQ(reds(resize_photo(row_of({10, 20}), 4, 1, Resize::nearest)), (Bytes{10, 10, 20, 20}));
  EXPECT_EQ(resize_photo(row_of({7}), 3, 2, Resize::nearest), Bytes(18, 7));
}

TEST(ResizePhoto, BilinearBlendsNeighbours) {
  EXPECT_EQ(reds(resize_photo(row_of({0, 100}), 4, 1, Resize::bilinear)), (Bytes{0, 25, 75, 100}));
  EXPECT_EQ(reds(resize_photo(row_of({0, 100, 200}), 3, 1, Resize::bilinear)), (Bytes{0, 100, 200}));
  EXPECT_EQ(reds(resize_photo(row_of({10, 20, 30, 40}), 1, 1, Resize::bilinear)), (Bytes{25}));
}

TEST(ResizePhoto, RowsAndColumnsAreScaledAlike) {
  Photo tall = row_of({0, 100, 40, 80, 250});
  const Bytes wide = resize_photo(tall, 3, 1, Resize::bilinear);
  std::swap(tall.width, tall.height);
  EXPECT_EQ(resize_photo(tall, 1, 3, Resize::bilinear), wide);
}

TEST(ResizePhoto, TheFirstHotDogIsTheGoldenInput) {
  const auto golden = read_file(test::shared_folder() / "reference/hotdog_0001_rgb224_nearest.u8");
  if (!golden) GTEST_SKIP() << "no ../shared/reference/hotdog_0001_rgb224_nearest.u8 beside this checkout";
  const auto photo = read_photo(test::shared_folder() / "photos/hotdog500/hotdog_0001.jpg");
  ASSERT_TRUE(photo) << one_line(photo.error());
  const Bytes rgb = resize_photo(*photo, 224, 224, Resize::nearest);
  EXPECT_TRUE(std::string(rgb.begin(), rgb.end()) == *golden);
}

std::vector<float> prepared(const std::string& name, const Bytes& rgb, const InputShape& shape) {
  std::vector<float> pixels(rgb.size());
  preprocess(rgb, shape, find_preprocess(name).value(), pixels);
  return pixels;
}

TEST(Preprocess, EachKindHasItsNumbers) {
  const InputShape one{1, 1, false};
  EXPECT_EQ(prepared("caffe", {1, 2, 255}, one),
            (std::vector<float>{255 - 103.939f, 2 - 116.779f, 1 - 123.68f}));
  EXPECT_EQ(prepared("tf", {0, 255, 51}, one), (std::vector<float>{-1, 1, 51 / 127.5f - 1}));
  EXPECT_EQ(prepared("none", {1, 2, 3}, one), (std::vector<float>{1, 2, 3}));
  EXPECT_FLOAT_EQ(prepared("torch", {0, 0, 255}, one)[2], (1 - 0.406f) / 0.225f);
}

TEST(Preprocess, WritesTheLayoutOfTheNetwork) {
  const Bytes rgb = {1, 2, 3, 4, 5, 6};
  EXPECT_EQ(prepared("none", rgb, {1, 2, true}), (std::vector<float>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(prepared("none", rgb, {1, 2, false}), (std::vector<float>{1, 4, 2, 5, 3, 6}));
}

TEST(Preprocess, AnUnknownNameIsAnErrorWithAHint) {
  const auto unknown = find_preprocess("cafe");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(one_line(unknown.error()), "no such preprocessing 'cafe'; did you mean 'caffe'?");
}

}  // namespace
}  // namespace pw::inference
