// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/photos/jpeg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inference/ground/sha256.h"
#include "inference/ground/test_data.h"
#include "inference/photos/photo.h"
#include "inference/photos/test_photo.h"

namespace pw::inference {
namespace {

using ::testing::HasSubstr;

std::string hash_of(const Photo& photo) { return sha256_hex(resize_photo(photo, 224, 224, Resize::nearest)); }

TEST(Jpeg, KnowsItsMagic) {
  EXPECT_TRUE(is_jpeg("\xff\xd8\xff\xe0"));
  EXPECT_FALSE(is_jpeg("\x89PNG"));
  EXPECT_FALSE(is_jpeg(""));
}

TEST(Jpeg, WhatIsNoPhotoIsAnErrorThatNamesTheFile) {
  const auto png = decode_jpeg("\x89PNG\r\n", "cat.jpg");
  ASSERT_FALSE(png);
  EXPECT_EQ(one_line(png.error()), "cat.jpg: not a JPEG file");
  EXPECT_EQ(png.error().kind, Failure::input);
  const auto head = decode_jpeg("\xff\xd8\xff\xe0", "cut.jpg");
  ASSERT_FALSE(head);
  EXPECT_THAT(one_line(head.error()), HasSubstr("cut.jpg: "));
  EXPECT_FALSE(read_photo("/nonexistent/photo.jpg"));
}

// Its coefficients overflow the inverse DCT: libjpeg-turbo's SSE2, AltiVec and plain C each give other
// pixels. The reference is of SSE2.
constexpr const char* kOverflows = "hopper_bad_exif.jpg";
#ifdef __x86_64__
constexpr bool kSaturates = true;
#else
constexpr bool kSaturates = false;
#endif

TEST(Jpeg, OddFilesGiveWhatPillowGives) {
  const auto rows = test::rows_of(test::shared_folder() / "reference/odd-jpegs_expected.csv");
  if (rows.empty()) GTEST_SKIP() << "no ../shared/reference/odd-jpegs_expected.csv beside this checkout";
  int decoded = 0;
  for (const auto& row : rows) {
    const auto photo = read_photo(test::shared_folder() / "photos/odd-jpegs" / row.at("file"));
    ASSERT_EQ(photo.has_value(), row.at("pil_status") == "ok")
        << row.at("file") << ": " << (photo ? "decoded" : one_line(photo.error()));
    if (!photo) continue;
    ++decoded;
    EXPECT_EQ(std::to_string(photo->width), row.at("width")) << row.at("file");
    EXPECT_EQ(std::to_string(photo->height), row.at("height")) << row.at("file");
    if (row.at("file") == kOverflows && !kSaturates) continue;
    EXPECT_EQ(hash_of(*photo), row.at("sha256_rgb224_nearest")) << row.at("file");
  }
  EXPECT_EQ(rows.size(), 61u);
  EXPECT_EQ(decoded, 58);
}

// Row by row as from the whole picture, to more pixels, fewer and as many; the errors, too.
TEST(Jpeg, OddFilesAreLoadedAsTheyAreDecoded) {
  const auto rows = test::rows_of(test::shared_folder() / "reference/odd-jpegs_expected.csv");
  if (rows.empty()) GTEST_SKIP() << "no ../shared/reference/odd-jpegs_expected.csv beside this checkout";
  std::vector<std::uint8_t> rgb;
  for (const auto& row : rows) {
    const auto file = test::shared_folder() / "photos/odd-jpegs" / row.at("file");
    const auto photo = read_photo(file);
    for (const auto& [width, height] : {std::pair{224, 224}, {1, 2}, {128, 128}, {1000, 3}}) {
      for (const Resize how : {Resize::nearest, Resize::bilinear}) {
        const auto loaded = load_photo(file, width, height, how, rgb);
        ASSERT_EQ(loaded.has_value(), photo.has_value()) << file;
        if (photo)
          EXPECT_EQ(rgb, resize_photo(*photo, width, height, how)) << file << " " << width;
        else
          EXPECT_EQ(one_line(loaded.error()), one_line(photo.error()));
      }
    }
  }
}

TEST(Jpeg, PhotosOfHotDogsGiveTheReferencePixels) {
  const auto rows = test::rows_of(test::shared_folder() / "reference/hotdog500_resnet50-keras.csv");
  if (rows.empty())
    GTEST_SKIP() << "no ../shared/reference/hotdog500_resnet50-keras.csv beside this checkout";
  EXPECT_EQ(rows.size(), 500u);
  std::vector<std::uint8_t> rgb;
  for (const auto& row : rows) {
    const auto loaded = load_photo(test::shared_folder() / "photos/hotdog500" / row.at("file"), 224, 224,
                                   Resize::nearest, rgb);
    ASSERT_TRUE(loaded) << one_line(loaded.error());
    EXPECT_EQ(sha256_hex(rgb), row.at("sha256_rgb224_nearest")) << row.at("file");
  }
}

TEST(Jpeg, CutAnywhereItIsAnErrorAndNeverACrash) {
  const auto bytes = read_file(test::shared_folder() / "photos/odd-jpegs/hopper_gray.jpg");
  if (!bytes) GTEST_SKIP() << "no ../shared/photos/odd-jpegs beside this checkout";
  ASSERT_TRUE(decode_jpeg(*bytes, "whole"));
  for (std::size_t size = 0; size < bytes->size() - 2; size += 7)
    EXPECT_FALSE(decode_jpeg(std::string_view(*bytes).substr(0, size), "cut")) << size;
}

std::string progressive_of(std::size_t scans) {
  std::string bytes = test::photo_of(10, 200, 10, 64, scans);
  EXPECT_TRUE(bytes.ends_with("\xff\xd9"));
  return bytes;
}

// All rows are there: the end marker alone is missing, or something else is in its place.
TEST(Jpeg, WithoutItsEndMarkerIsReadWhereAllPixelsAreThere) {
  const std::string bytes = test::photo_of(200, 10, 10, 40);
  const std::string_view rows = std::string_view(bytes).substr(0, bytes.size() - 2);
  const auto whole = decode_jpeg(bytes, "whole");
  ASSERT_TRUE(whole);
  const std::string ends[] = {"", std::string(2, '\0'), "\xff", std::string(100, '\0')};
  for (const std::string& end : ends) {
    const auto photo = decode_jpeg(std::string(rows) + end, "cut");
    ASSERT_TRUE(photo) << one_line(photo.error());
    EXPECT_EQ(photo->rgb, whole->rgb);
  }
  for (const std::size_t missing : {4U, 8U, 30U}) {
    const auto photo = decode_jpeg(rows.substr(0, rows.size() - missing), "cut");
    ASSERT_FALSE(photo) << missing;
    EXPECT_EQ(one_line(photo.error()), "cut: Premature end of JPEG file");
  }
  const std::string progressive = progressive_of(3);
  ASSERT_TRUE(decode_jpeg(progressive, "whole"));
  EXPECT_FALSE(decode_jpeg(std::string_view(progressive).substr(0, progressive.size() - 2), "cut"));
}

TEST(Jpeg, OfHundredsOfScansIsRefused) {
  EXPECT_TRUE(decode_jpeg(progressive_of(60), "many"));
  const auto photo = decode_jpeg(progressive_of(400), "many");
  ASSERT_FALSE(photo);
  EXPECT_EQ(one_line(photo.error()), "many: more than 64 scans");
}

TEST(Jpeg, TooManyPixelsAreRefused) {
  const auto bytes = read_file(test::shared_folder() / "photos/odd-jpegs/hopper.jpg");
  if (!bytes) GTEST_SKIP() << "no ../shared/photos/odd-jpegs beside this checkout";
  EXPECT_TRUE(decode_jpeg(*bytes, "hopper", 128 * 128));
  const auto refused = decode_jpeg(*bytes, "hopper", 128 * 128 - 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(one_line(refused.error()), "hopper: too large: 128 x 128");
}

}  // namespace
}  // namespace pw::inference
