// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/classify/classify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "inference/classify/command.h"
#include "inference/classify/model.h"
#include "inference/classify/options.h"
#include "inference/ground/test_data.h"
#include "inference/models/models.h"

namespace pw::inference {
namespace {

TEST(Top1, TakesProbabilitiesAsTheyAre) {
  const auto top1 = top1_of(std::vector<float>{0.25f, 0.75f, 0.5f}, true);
  ASSERT_TRUE(top1);
  EXPECT_EQ(top1->index, 1);
  EXPECT_EQ(top1->probability, 0.75);
}

TEST(Top1, TurnsOtherScoresIntoProbabilities) {
  const auto sum_of_one = top1_of(std::vector<float>{0.25f, 0.5f, 0.25f}, false);
  ASSERT_TRUE(sum_of_one);
  EXPECT_DOUBLE_EQ(sum_of_one->probability, 1 / (1 + 2 * std::exp(-0.25)));
  const auto top1 = top1_of(std::vector<float>{1000, 1001}, false);
  ASSERT_TRUE(top1);
  EXPECT_EQ(top1->index, 1);
  EXPECT_DOUBLE_EQ(top1->probability, 1 / (1 + std::exp(-1.0)));
}

TEST(Top1, OfWhatIsNoNumberIsAnError) {
  for (const bool probabilities : {false, true}) {
    EXPECT_FALSE(top1_of(std::vector<float>{0, NAN}, probabilities));
    EXPECT_FALSE(top1_of(std::vector<float>{0, INFINITY}, probabilities));
    EXPECT_FALSE(top1_of({}, probabilities));
  }
}

class Classes : public ::testing::Test {
 protected:
  std::string csv(std::string_view text) {
    const std::string path = (folder_.path() / "classes.csv").string();
    EXPECT_TRUE(write_file(path, text));
    return path;
  }
  static constexpr std::string_view kTwo = "index,synset,label\n0,n1,tench\n1,n2,hotdog\n";

 private:
  TempFolder folder_ = TempFolder::make().value();
};

TEST_F(Classes, AreReadAndCountedFromTheBackgroundWhereThereIsOne) {
  EXPECT_EQ(read_classes(csv(kTwo), 2).value().at(1).label, "hotdog");
  EXPECT_EQ(read_classes(csv(kTwo), 3).value().at(0).label, "background");
  EXPECT_EQ(read_classes(csv(kTwo), 3).value().at(2).synset, "n2");
  EXPECT_EQ(read_classes(csv(kTwo), 7).value().at(6).label, "class 6");
  EXPECT_EQ(read_classes(csv(kTwo), 1).value().at(0).label, "score");
  EXPECT_FALSE(read_classes(csv("index,synset,label\n1,n1,tench\n"), 1));
  EXPECT_FALSE(read_classes("/nonexistent/classes.csv", 1));
}

TEST_F(Classes, AreFoundByTheirLabel) {
  const auto classes = read_classes(csv(kTwo), 2).value();
  EXPECT_EQ(find_class(classes, "hotdog").value(), 1);
  EXPECT_EQ(find_class(classes, "HotDog").value(), 1);
  const auto unknown = find_class(classes, "hot_dog");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, Failure::input);
  EXPECT_EQ(unknown.error().hint, "did you mean 'hotdog'?");
}

// `words` as an argv.
struct WritableArgv {
  explicit WritableArgv(std::vector<std::string> words) : words_(std::move(words)) {
    words_.insert(words_.begin(), "classify");
    for (std::string& word : words_) argv.push_back(word.data());
  }
  int count() const { return static_cast<int>(argv.size()); }
  std::vector<char*> argv;

 private:
  std::vector<std::string> words_;
};

int status_of(const std::vector<std::string>& words) {
  WritableArgv arguments(words);
  return parse_classify(arguments.count(), arguments.argv.data()).exit_status;
}

int run_classify(const std::vector<std::string>& words) {
  WritableArgv arguments(words);
  return classify_command(arguments.count(), arguments.argv.data());
}

TEST(ParseClassify, RefusesWhatCannotBe) {
  EXPECT_EQ(status_of({"a.jpg"}), 0);
  EXPECT_EQ(status_of({}), 2);
  EXPECT_EQ(status_of({"--limit", "0", "a.jpg"}), 2);
  EXPECT_EQ(status_of({"--resize", "bicubic", "a.jpg"}), 2);
  for (const char* option : {"--batch", "--decode-threads"})
    for (const char* value : {"0", "-1", "1000000", "x"}) EXPECT_EQ(status_of({option, value, "a.jpg"}), 2);
  EXPECT_EQ(status_of({"--batch", "1024", "--decode-threads", "256", "a.jpg"}), 0);
  EXPECT_EQ(status_of({"--threads", "4096", "a.jpg"}), 0);
  EXPECT_EQ(status_of({"--threads", "4097", "a.jpg"}), 2);
  EXPECT_EQ(status_of({"--scenario", "server", "a.jpg"}), 2);
  EXPECT_EQ(status_of({"--scenario", "single", "--batch", "2", "a.jpg"}), 2);
  EXPECT_EQ(status_of({"--scenario", "single", "--batch", "1", "a.jpg"}), 0);
  EXPECT_EQ(status_of({"--scenario", "offline", "--batch", "1", "a.jpg"}), 0);
  EXPECT_EQ(status_of({"--precision", "int4", "a.jpg"}), 2);
  EXPECT_EQ(status_of({"--backend", "cuda", "a.jpg"}), 2);
}

TEST(LoadClassifier, SaysWhatIsWrongWithTheModel) {
  const auto unknown = load_classifier("resnet5", "", {1});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().kind, Failure::input);
  const auto missing = load_classifier("/nonexistent/model.onnx", "caffe", {1});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, Failure::input);
}

// The first photos of hotdog500 and one that cannot be read, twice each; `first_class`: the index of the
// reference's class 0.
void expect_reference(ClassifierModel& model, const std::string& reference, int first_class) {
  const std::size_t count = 3;
  const auto rows = test::rows_of(test::shared_folder() / "reference" / reference);
  ASSERT_GE(rows.size(), count);
  std::vector<PhotoFile> photos = {{test::shared_folder() / "photos/odd-jpegs/truncated_jpeg.jpg", "cut"}};
  for (std::size_t i = 0; i < count; ++i)
    photos.push_back({test::shared_folder() / "photos/hotdog500" / rows[i].at("file"), rows[i].at("file")});
  const Workload workload{Resize::nearest, model.preprocess, 2, first_class + 934};
  std::vector<Answer> answers;
  const auto tally =
      classify(model.network, photos, workload, [&](const Answer& answer) { answers.push_back(answer); });
  ASSERT_TRUE(tally) << one_line(tally.error());
  EXPECT_EQ(tally->skipped, 1);
  EXPECT_EQ(tally->rights + tally->wrongs, 2 * 3);
  EXPECT_EQ(tally->latencies.size(), 2 * count);
  ASSERT_EQ(answers.size(), count + 1);
  EXPECT_EQ(answers[0].skipped, "Premature end of JPEG file");
  for (std::size_t i = 0; i < count; ++i) {
    EXPECT_EQ(std::to_string(answers[i + 1].top1 - first_class), rows[i].at("top1")) << photos[i + 1].name;
    EXPECT_NEAR(answers[i + 1].probability, std::stod(rows[i].at("top1_prob")), 1e-4);
  }
}

TEST(Classify, RealResNet50GivesTheAnswersOfTheReference) {
  const auto info = find_model("resnet50");
  ASSERT_TRUE(info) << one_line(info.error());
  if (!info->present) GTEST_SKIP() << "no weights: perfwatt model fetch resnet50";
  if (!std::filesystem::exists(test::shared_folder())) GTEST_SKIP() << "no ../shared beside this checkout";
  auto model = load_classifier("resnet50", "", {1});
  ASSERT_TRUE(model) << one_line(model.error());
  expect_reference(*model, "hotdog500_resnet50-keras.csv", 0);
}

TEST(ClassifyCommand, PrintsTheLinesOfTheStudyAndWritesTheCsv) {
  const auto info = find_model("resnet50");
  ASSERT_TRUE(info) << one_line(info.error());
  if (!info->present) GTEST_SKIP() << "no weights: perfwatt model fetch resnet50";
  const auto photos = test::shared_folder() / "photos/hotdog500";
  if (!std::filesystem::exists(photos)) GTEST_SKIP() << "no ../shared/photos/hotdog500 beside this checkout";
  const TempFolder folder = TempFolder::make().value();
  const std::string csv = (folder.path() / "answers.csv").string();
  ::testing::internal::CaptureStdout();
  const int status = run_classify(
      {"--photos", photos.string(), "--limit", "2", "--expect", "hotdog", "--threads", "1", "--csv", csv});
  const std::string number = "[0-9]+\\.[0-9]+";
  EXPECT_THAT(::testing::internal::GetCapturedStdout(),
              ::testing::MatchesRegex("Network: resnet50 fp32 onednn, 1 thread, batch 1\n"
                                      "Begin: [0-9:]{8}\nEnd: [0-9:]{8}\nRIGHTS: 2\nWRONGS: 0\nACC: 1\\.0\n"
                                      "Time Elapsed: " +
                                      number + "s\nImages/s: " + number + "\nLatency ms: p50 " + number +
                                      " p90 " + number + " p99 " + number + "\n"));
  EXPECT_EQ(status, 0);
  const auto rows = test::rows_of(csv);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[1].at("file"), "hotdog_0002.jpg");
  EXPECT_EQ(rows[1].at("top1_label"), "hotdog");
  EXPECT_EQ(rows[1].at("status"), "ok");
}

TEST(ClassifyCommand, RefusesBeforeTheWork) {
  const TempFolder folder = TempFolder::make().value();
  const std::string photo = (folder.path() / "photo.jpg").string();
  ASSERT_TRUE(write_file(photo, "\xff\xd8\xff"));
  EXPECT_EQ(run_classify({"--photos", folder.path() / "none"}), 2);
  EXPECT_EQ(run_classify({photo, "--csv", folder.path() / "none" / "x.csv"}), 2);
  EXPECT_EQ(run_classify({photo, "--csv", "/dev/null"}), 2);
  EXPECT_EQ(run_classify({photo, "--model", "resnet5"}), 2);
}

TEST(Classify, MobileNetOfAFileGivesTheAnswersOfTheReference) {
  const auto file = test::shared_folder() / "models/mobilenet_v1_1.0_224-nhwc.onnx";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no ../shared/models beside this checkout";
  EXPECT_FALSE(load_classifier(file.string(), "", {1})) << "it does not say how photos are prepared";
  auto model = load_classifier(file.string(), "tf", {1});
  if (!model && model.error().what.find("not supported") != std::string::npos)
    GTEST_SKIP() << one_line(model.error());
  ASSERT_TRUE(model) << one_line(model.error());
  expect_reference(*model, "hotdog500_mobilenet_v1_1.0.csv", 1);
}

}  // namespace
}  // namespace pw::inference
