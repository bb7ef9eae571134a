// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/classify/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inference/classify/csv.h"
#include "os/file.h"

namespace pw::inference {
namespace {

const std::vector<ImageClass> kClasses = {{"n01440764", "tench"}, {"n07697537", "hotdog, \"hot\""}};

Tally tally_of(int rights, int wrongs, int skipped = 0) {
  Tally tally;
  tally.rights = rights;
  tally.wrongs = wrongs;
  tally.skipped = skipped;
  return tally;
}

TEST(PythonFloat, IsWhatPythonPrints) {
  EXPECT_EQ(python_float(435 / 500.0), "0.87");
  EXPECT_EQ(python_float(1), "1.0");
  EXPECT_EQ(python_float(0), "0.0");
  EXPECT_EQ(python_float(1 / 3.0), "0.3333333333333333");
  EXPECT_EQ(python_float(1e-5), "1e-05");
  EXPECT_EQ(python_float(123456), "123456.0");
}

TEST(Percentile, IsTheNearestRank) {
  std::vector<Nanoseconds> latencies;
  for (int i = 100; i >= 1; --i) latencies.push_back({i * 1'000'000});
  EXPECT_DOUBLE_EQ(percentile_ms(latencies, 50), 50);
  EXPECT_DOUBLE_EQ(percentile_ms(latencies, 99), 99);
  EXPECT_DOUBLE_EQ(percentile_ms(latencies, 100), 100);
  const std::vector<Nanoseconds> one = {{7'000'000}};
  EXPECT_DOUBLE_EQ(percentile_ms(one, 50), 7);
  EXPECT_DOUBLE_EQ(percentile_ms(one, 99), 7);
}

TEST(LastLines, AreThoseOfTheStudy) {
  Tally tally = tally_of(3, 1, 2);
  for (const int ms : {10, 20, 30, 40}) tally.add_run(1, true, {ms * 1'000'000});
  const Times times{3600, 3723, Seconds{12.3}};
  EXPECT_EQ(last_lines(tally, times, true),
            "SKIPPED: 2\nBegin: 01:00:00\nEnd: 01:02:03\nRIGHTS: 3\nWRONGS: 1\nACC: 0.75\n"
            "Time Elapsed: 12.3s\nImages/s: 40.00\nLatency ms: p50 20.00 p90 40.00 p99 40.00\n");
}

TEST(LastLines, WithoutAnExpectedLabelNothingIsRightOrWrong) {
  Tally tally = tally_of(0, 1);
  tally.add_run(1, true, {10'000'000});
  EXPECT_EQ(last_lines(tally, {0, 1, Seconds{2}}, false),
            "Begin: 00:00:00\nEnd: 00:00:01\nTime Elapsed: 2.0s\nImages/s: 100.00\n"
            "Latency ms: p50 10.00 p90 10.00 p99 10.00\n");
}

TEST(LastLines, CountEveryImageOfABatch) {
  Tally tally = tally_of(6, 2);
  for (int i = 0; i < 2; ++i) tally.add_run(4, true, {100'000'000});
  EXPECT_THAT(last_lines(tally, {0, 1, Seconds{2}}, false), ::testing::HasSubstr("Images/s: 40.00\n"));
}

TEST(LastLines, CountNoPlaceThatWasFilledUp) {
  Tally tally = tally_of(9, 0);
  tally.add_run(1, false, {100'000'000});
  EXPECT_THAT(last_lines(tally, {0, 1, Seconds{2}}, false), ::testing::HasSubstr("Images/s: 10.00\n"));
  tally.add_run(8, true, {100'000'000});
  EXPECT_THAT(last_lines(tally, {0, 1, Seconds{2}}, false), ::testing::HasSubstr("Images/s: 80.00\n"));
}

TEST(NetworkLine, SaysWhatComputed) {
  EXPECT_EQ(network_line("resnet50", {2}), "Network: resnet50 fp32 onednn, 2 threads, batch 1\n");
  EXPECT_EQ(network_line("a\nb.onnx", {1, 8, Backend::blas, Precision::int8}),
            "Network: a b.onnx int8 blas, 1 thread, batch 8\n");
}

TEST(ScenarioLine, HasTheFigureOfTheScenario) {
  Tally tally = tally_of(3, 1);
  for (const int ms : {10, 30}) tally.add_run(2, true, {ms * 1'000'000});
  tally.elapsed = {80'000'000};
  EXPECT_EQ(scenario_line("", tally), "");
  EXPECT_EQ(scenario_line("single", tally),
            "Scenario: single, latency p90 30.00 ms (of the network alone)\n");
  EXPECT_EQ(scenario_line("offline", tally),
            "Scenario: offline, 100.00 images/s (of the network alone; 50.00 with decoding)\n");
}

TEST(CsvFile, AppearsWhenAllRowsAreThere) {
  const TempFolder folder = TempFolder::make().value();
  const auto path = folder.path() / "x.csv";
  auto file = CsvFile::open(path.string());
  ASSERT_TRUE(file) << one_line(file.error());
  file->add("a\n");
  file->add("b\n");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
  ASSERT_TRUE(file->finish());
  EXPECT_EQ(read_file(path).value(), std::string(kCsvHeader) + "a\nb\n");
}

TEST(CsvFile, OfNoNameTakesEverything) {
  auto file = CsvFile::open("");
  ASSERT_TRUE(file);
  file->add("a\n");
  EXPECT_TRUE(file->finish());
}

TEST(CsvRow, QuotesWhatNeedsIt) {
  EXPECT_EQ(csv_row({"a,b.jpg", 1, 0.123456789012, "ab12", ""}, kClasses, false),
            "\"a,b.jpg\",1,n07697537,\"hotdog, \"\"hot\"\"\",0.123456789,ab12,ok\n");
}

TEST(CsvRow, OfAPhotoThatWasSkippedHasOnlyTheReason) {
  EXPECT_EQ(csv_row({"x.jpg", 0, 0, "", "not a JPEG file"}, kClasses, false), "x.jpg,,,,,,not a JPEG file\n");
}

TEST(CsvRow, HasNoControlCharacters) {
  EXPECT_EQ(csv_row({"\x1b[31m\n\xff.jpg", 0, 0.5, "ab12", ""}, kClasses, false),
            " [31m ?.jpg,0,n01440764,tench,0.5,ab12,ok\n");
  EXPECT_EQ(csv_row({"\x1b.jpg", 0, 0, "", "\r"}, kClasses, false), " .jpg,,,,,, \n");
}

TEST(CsvRow, SaysThatWeightsAreSynthetic) {
  EXPECT_EQ(csv_row({"x.jpg", 0, 0.5, "ab12", ""}, kClasses, true),
            "x.jpg,0,n01440764,tench,0.5,ab12,ok (SYNTHETIC weights: speed only)\n");
}

TEST(TextLine, HasNoControlCharacters) {
  EXPECT_EQ(text_line({"x\n.jpg", 0, 0.5, "", ""}, kClasses), "x .jpg: tench 0.500000\n");
}

}  // namespace
}  // namespace pw::inference
