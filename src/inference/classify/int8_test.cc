// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/classify/int8.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <optional>

#include "inference/network/calibrate.h"
#include "inference/network/test_graph.h"
#include "inference/onnx/write.h"
#include "inference/photos/test_photo.h"
#include "inference/plan/precision.h"
#include "os/file.h"

namespace pw::inference {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const CalibrationKey kKey = {102582025, 7890123456789, "caffe"};

TEST(CalibrationFile, ComesBackAsItWas) {
  const Calibration calibration{{{"a", 0.1F}, {"b/\xc3\xa4", 12345.678F}, {"c", 0}}, 32, 31, 30};
  const auto read = read_calibration(write_calibration(calibration, kKey), kKey);
  ASSERT_TRUE(read) << one_line(read.error());
  EXPECT_EQ(read->limits, calibration.limits);
  EXPECT_EQ(read->offered, 32);
  EXPECT_EQ(read->photos, 31);
  EXPECT_EQ(read->same, 30);
}

TEST(CalibrationFile, OfAnotherModelPreparationOrVersionIsOfNoUse) {
  const std::string text = write_calibration({{{"a", 1.0F}}, 1, 1, 1}, kKey);
  for (const CalibrationKey& other :
       {CalibrationKey{1, kKey.model_modified, "caffe"}, CalibrationKey{kKey.model_bytes, 1, "caffe"},
        CalibrationKey{kKey.model_bytes, kKey.model_modified, "tf"}}) {
    const auto read = read_calibration(text, other);
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().what, HasSubstr("another model"));
  }
  std::string version = text;
  version.replace(version.find("calibration\": 1"), 15, "calibration\": 9");
  EXPECT_THAT(read_calibration(version, kKey).error().what, HasSubstr("another version"));
}

TEST(CalibrationFile, BrokenIsAnError) {
  const std::string text = write_calibration({{{"a", 1.0F}}, 1, 1, 1}, kKey);
  for (std::size_t bytes = 0; bytes + 1 < text.size(); bytes += 7)
    EXPECT_FALSE(read_calibration(text.substr(0, bytes), kKey));
  for (const auto& [from, to] : {std::pair{"\"a\": 1.0", "\"a\": -1.0"},
                                 {"\"a\": 1.0", "\"a\": 1e99"},
                                 {"\"a\": 1.0", "\"a\": \"1\""},
                                 {"\"a\": 1.0", ""},
                                 {"\"same\": 1", "\"same\": 2"},
                                 {"\"photos\": 1", "\"photos\": 0"}}) {
    std::string broken = text;
    ASSERT_NE(broken.find(from), std::string::npos) << text;
    broken.replace(broken.find(from), std::string(from).size(), to);
    const auto read = read_calibration(broken, kKey);
    ASSERT_FALSE(read) << broken;
    EXPECT_EQ(read.error().what, "it is broken");
  }
}

TEST(EvenlySpread, TakesAllOrSome) {
  EXPECT_THAT(evenly_spread(0, 4), IsEmpty());
  EXPECT_THAT(evenly_spread(3, 4), ElementsAre(0, 1, 2));
  EXPECT_THAT(evenly_spread(8, 4), ElementsAre(1, 3, 5, 7));
  EXPECT_THAT(evenly_spread(500, 2), ElementsAre(125, 375));
}

class FindCalibration : public testing::Test {
 protected:
  void SetUp() override {
    if (const auto can = check_precision(Precision::int8, Backend::onednn, usable_isa()); !can)
      GTEST_SKIP() << "SKIPPED LOUDLY: " << can.error().what;
    write_model(1);
    put("a", test::photo_of(200, 10, 10));
    put("cut", test::photo_of(10, 10, 200).substr(0, 300));
    put("b", test::photo_of(10, 200, 10));
  }

  void write_model(std::uint32_t seed) {
    OnnxWriter writer("g", "x", {1, 3, 8, 8});
    writer.weights("w0", {8, 3, 1, 1}, test::some_floats(24, seed));
    writer.weights("w", {8, 8, 3, 3}, test::some_floats(576, seed + 1));
    writer.node("Conv", "y0", {"x", "w0"});
    for (int i = 1; i < 8; ++i) {
      const std::string name = std::to_string(i);
      writer.node("Relu", "r" + name, {"y" + std::to_string(i - 1)});
      OnnxWriter::set(writer.node("Conv", "y" + name, {"r" + name, "w"}), "pads", Dims(4, 1));
    }
    writer.node("GlobalAveragePool", "m", {"y7"});
    writer.node("Flatten", "scores", {"m"});
    writer.output("scores", {1, 8});
    ASSERT_TRUE(writer.write(onnx()));
  }

  void put(const std::string& name, std::string_view bytes) {
    const std::string path = (folder_.path() / name).string();
    ASSERT_TRUE(write_file(path, bytes));
    photos_.photos.push_back({path, name});
  }

  std::filesystem::path onnx() const { return folder_.path() / "m.onnx"; }
  std::filesystem::path beside() const { return folder_.path() / "m.onnx.int8.json"; }

  // What was told meanwhile is in told_.
  Result<std::shared_ptr<const Calibration>> find(const std::string& preprocess = "tf") {
    told_.clear();
    photos_.tell = [this](const std::string& text) { told_ += text + "\n"; };
    NetworkOptions options{1};
    options.precision = Precision::int8;
    return find_calibration(onnx(), options, preprocess, photos_);
  }

  const TempFolder folder_ = TempFolder::make().value();
  CalibrationPhotos photos_;
  std::string told_;
};

TEST_F(FindCalibration, MakesItOnceAndKeepsItBesideTheModel) {
  const auto made = find();
  ASSERT_TRUE(made) << one_line(made.error());
  EXPECT_EQ((*made)->offered, 3);
  EXPECT_EQ((*made)->photos, 2);
  EXPECT_GE((*made)->same, 0);
  EXPECT_TRUE((*made)->limits.contains("r7"));
  EXPECT_EQ(told_, "calibrated int8 on 2 photos, kept in " + beside().string() + "\n");
  const auto again = find();
  ASSERT_TRUE(again);
  EXPECT_EQ(told_, "");
  EXPECT_EQ((*again)->limits, (*made)->limits);

  NetworkOptions options{1};
  options.precision = Precision::int8;
  options.calibration = *again;
  auto network = Network::load(onnx(), options);
  ASSERT_TRUE(network) << one_line(network.error());
  int narrow = 0;
  for (const Layer& layer : network->layers())
    narrow += layer.implementation.find("vnni") != std::string::npos;
  EXPECT_GE(narrow, 2);
}

TEST_F(FindCalibration, MakesItAnewWhereItIsOfNoUse) {
  ASSERT_TRUE(find());
  ASSERT_TRUE(write_file(beside(), "{"));
  ASSERT_TRUE(find());
  EXPECT_THAT(told_, HasSubstr("is made anew: it is broken"));
  ASSERT_TRUE(find("caffe"));
  EXPECT_THAT(told_, HasSubstr("is made anew: it is of another model, or of other preparation"));
  write_model(9);
  std::filesystem::last_write_time(onnx(),
                                   std::filesystem::last_write_time(onnx()) + std::chrono::seconds(1));
  ASSERT_TRUE(find("caffe"));
  EXPECT_THAT(told_, HasSubstr("is made anew: it is of another model"));
  put("c", test::photo_of(90, 90, 10));
  ASSERT_TRUE(find("caffe"));
  EXPECT_THAT(told_, HasSubstr("is made anew: it is of 3 photos alone"));
  photos_.photos.resize(1);  // fewer now: it is good enough
  ASSERT_TRUE(find("caffe"));
  EXPECT_EQ(told_, "");
}

// XDG_CACHE_HOME is another, as long as it lives.
class OtherCache {
 public:
  explicit OtherCache(const std::filesystem::path& folder) {
    if (const char* value = std::getenv("XDG_CACHE_HOME")) before_ = value;
    ::setenv("XDG_CACHE_HOME", folder.c_str(), 1);
  }
  ~OtherCache() {
    if (before_)
      ::setenv("XDG_CACHE_HOME", before_->c_str(), 1);
    else
      ::unsetenv("XDG_CACHE_HOME");
  }

 private:
  std::optional<std::string> before_;
};

TEST_F(FindCalibration, KeepsItInTheCacheWhereItCannotBeBesideTheModel) {
  const std::filesystem::path cache = folder_.path() / "cache";
  const OtherCache other(cache);
  ASSERT_TRUE(make_folder(beside()));  // root may write anywhere, but not over a folder
  ASSERT_TRUE(find());
  EXPECT_THAT(told_, HasSubstr("kept in " + (cache_folder() / "calibration" / "m.onnx-").string()));
  ASSERT_TRUE(find());
  EXPECT_EQ(told_, "");
  std::filesystem::remove_all(cache);
  ASSERT_TRUE(write_file(cache, "no folder"));
  ASSERT_TRUE(find());
  EXPECT_THAT(told_, HasSubstr("which cannot be kept"));
}

TEST_F(FindCalibration, NeedsAPhotoAndAPreparation) {
  EXPECT_THAT(one_line(find("").error()), HasSubstr("does not say how its photos are to be prepared"));
  photos_.photos = {{(folder_.path() / "none").string(), "none"}};
  EXPECT_THAT(one_line(find().error()), HasSubstr("no photo can be read to calibrate int8 with"));
  EXPECT_FALSE(std::filesystem::exists(beside()));
}

}  // namespace
}  // namespace pw::inference
