// SPDX-License-Identifier: GPL-3.0-or-later
// classify() through a network that says which of red, green and blue a photo has most of.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "inference/classify/classify.h"
#include "inference/onnx/write.h"
#include "inference/photos/test_photo.h"
#include "os/file.h"

namespace pw::inference {
namespace {

using ::testing::ElementsAre;

const Decoding kDecodings[] = {{0, false}, {1, false}, {4, false}, {2, true}};

class ClassifyBatch : public ::testing::Test {
 protected:
  // Its scores are the channels' means times `scale`.
  Network network(int batch, float scale = 1) const {
    OnnxWriter writer("colours", "x", {1, 3, 2, 2});
    const float weights[] = {scale, 0, 0, 0, scale, 0, 0, 0, scale};
    writer.weights("w", {3, 3, 1, 1}, weights);
    writer.node("Conv", "scaled", {"x", "w"});
    writer.node("GlobalAveragePool", "means", {"scaled"});
    writer.node("Flatten", "scores", {"means"});
    writer.output("scores", {1, 3});
    const auto file = folder_.path() / "colours.onnx";
    EXPECT_TRUE(writer.write(file));
    NetworkOptions options{1};
    options.batch = batch;
    auto loaded = Network::load(file, options);
    EXPECT_TRUE(loaded) << one_line(loaded.error());
    return std::move(*loaded);
  }

  void put(const std::string& name, std::string_view bytes) {
    const std::string path = (folder_.path() / name).string();
    ASSERT_TRUE(write_file(path, bytes));
    photos_.push_back({path, name});
  }

  // red, green, cut, blue, none, green, red: two of seven cannot be read.
  void put_some() {
    put("a", test::photo_of(200, 10, 10));
    put("b", test::photo_of(10, 200, 10));
    put("c", test::photo_of(10, 10, 200).substr(0, 300));
    put("d", test::photo_of(10, 10, 200));
    photos_.push_back({(folder_.path() / "none").string(), "e"});
    put("f", test::photo_of(10, 200, 10));
    put("g", test::photo_of(200, 10, 10));
  }

  Result<Tally> classify_all(Network& network, Workload workload) {
    workload.preprocess = find_preprocess("none").value();
    answers_.clear();
    return classify(network, photos_, workload, [this](const Answer& answer) { answers_.push_back(answer); });
  }

  std::vector<std::tuple<std::string, int, bool>> seen() const {
    std::vector<std::tuple<std::string, int, bool>> found;
    for (const Answer& answer : answers_)
      found.emplace_back(answer.photo, answer.top1, !answer.skipped.empty());
    return found;
  }

  const TempFolder folder_ = TempFolder::make().value();
  std::vector<PhotoFile> photos_;
  std::vector<Answer> answers_;
};

TEST_F(ClassifyBatch, OfAnySizeGivesTheSameAnswersInTheSameOrder) {
  put_some();
  for (const int batch : {1, 2, 3, 5, 8}) {
    Network net = network(batch);
    EXPECT_EQ(net.input().batch, batch);
    EXPECT_EQ(net.classes(), 3);
    for (const Decoding& decoding : kDecodings) {
      Workload workload;
      workload.expected = 1;
      workload.repeat = 2;
      workload.decoding = decoding;
      const auto tally = classify_all(net, workload);
      ASSERT_TRUE(tally) << one_line(tally.error());
      EXPECT_THAT(seen(),
                  ElementsAre(std::tuple("a", 0, false), std::tuple("b", 1, false), std::tuple("c", 0, true),
                              std::tuple("d", 2, false), std::tuple("e", 0, true), std::tuple("f", 1, false),
                              std::tuple("g", 0, false)));
      EXPECT_EQ(tally->rights, 2 * 2);
      EXPECT_EQ(tally->wrongs, 2 * 3);
      EXPECT_EQ(tally->skipped, 2);
      EXPECT_EQ(tally->latencies.size(), 2u * static_cast<std::size_t>((5 + batch - 1) / batch));
      EXPECT_EQ(tally->whole.images, 2 * (5 / batch) * batch);
      EXPECT_EQ(tally->filled.images, 2 * (5 % batch));
    }
  }
}

TEST_F(ClassifyBatch, HashesThePixelsWhereAsked) {
  put_some();
  Network net = network(3);
  Workload workload;
  ASSERT_TRUE(classify_all(net, workload));
  for (const Answer& answer : answers_) EXPECT_EQ(answer.sha256, "");
  workload.hash = true;
  ASSERT_TRUE(classify_all(net, workload));
  for (const Answer& answer : answers_) EXPECT_EQ(answer.sha256.size(), answer.skipped.empty() ? 64u : 0u);
  EXPECT_EQ(answers_[0].sha256, answers_[6].sha256);
  EXPECT_NE(answers_[0].sha256, answers_[1].sha256);
}

TEST_F(ClassifyBatch, AnAnswerThatIsNoNumberEndsItWithTheNameOfThePhoto) {
  put("black", test::photo_of(0, 0, 0));
  put("blacker", test::photo_of(0, 0, 0));
  put("white", test::photo_of(255, 255, 255));
  for (int i = 0; i < 100; ++i) put("black" + std::to_string(i), test::photo_of(0, 0, 0));
  for (const int batch : {1, 2, 4}) {
    Network net = network(batch, 3e38F);
    for (const Decoding& decoding : kDecodings) {
      Workload workload;
      workload.decoding = decoding;
      const auto tally = classify_all(net, workload);
      ASSERT_FALSE(tally);
      EXPECT_EQ(tally.error().kind, Failure::measurement);
      EXPECT_EQ(one_line(tally.error()), "white: the network's answer is not made of finite numbers");
    }
  }
}

TEST_F(ClassifyBatch, PhotosThatAllCannotBeReadAreToldOneByOne) {
  for (int i = 0; i < 40; ++i) put(std::to_string(i), "no JPEG");
  Network net = network(16);
  const auto tally = classify_all(net, {});
  ASSERT_TRUE(tally) << one_line(tally.error());
  EXPECT_EQ(tally->skipped, 40);
  EXPECT_TRUE(tally->latencies.empty());
  ASSERT_EQ(answers_.size(), 40u);
  EXPECT_EQ(answers_[39].skipped, "not a JPEG file");
}

TEST_F(ClassifyBatch, AGraphWhoseOutputDoesNotFollowTheBatchIsRefused) {
  OnnxWriter writer("one", "x", {1, 3, 2, 2});
  OnnxWriter::set(writer.node("Flatten", "scores", {"x"}), "axis", std::int64_t{0});
  writer.output("scores", {1, 12});
  const auto file = folder_.path() / "one.onnx";
  ASSERT_TRUE(writer.write(file));
  NetworkOptions options{1};
  ASSERT_TRUE(Network::load(file, options));
  options.batch = 2;
  const auto refused = Network::load(file, options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Failure::input);
  EXPECT_THAT(one_line(refused.error()), ::testing::HasSubstr("it mixes images"));
}

}  // namespace
}  // namespace pw::inference
