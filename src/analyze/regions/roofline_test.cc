// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/regions/roofline.h"

#include <gmock/gmock.h>

#include "analyze/regions/region_analysis.h"

namespace pw {
namespace {

using testing::HasSubstr;

TEST(ToldRoof, IsInWhatTheProgramSays) {
  const ToldRoof told = told_roof("brgconv:avx2, 1x3x224x224 -> 1x64x112x112, fp32, 2 threads");
  EXPECT_EQ(told.number, "fp32");
  EXPECT_EQ(told.threads, 2);
  EXPECT_EQ(told_roof("jit, bf16, 1 thread").number, "bf16");
  EXPECT_EQ(told_roof("jit, bf16, 1 thread").threads, 1);
  EXPECT_EQ(told_roof("int8 (64 threads)").threads, 64);
}

TEST(ToldRoof, IsNotWhatOnlyLooksLikeIt) {
  for (const char* how : {"", "jit_fp32:avx2", "fp321", "threads", "0 threads", "x threads",
                          "99999999999999999999 threads", "1000001 threads", "2threads"}) {
    EXPECT_EQ(told_roof(how).number, "") << how;
    EXPECT_EQ(told_roof(how).threads, std::nullopt) << how;
  }
}

MachinePeaks machine_peaks() {
  return {{},
          {{"fp32", 1, {90e9, 100e9}, "k"},
           {"fp32", 8, {600e9}, "k"},
           {"int8", 1, {400e9}, "k"},
           {"memory", 1, {10e9}, "k"},
           {"memory", 8, {25e9}, "k"}}};
}

TEST(PeakOfThreads, IsOneThreadsSoManyTimesAtMostThatOfAll) {
  const MachinePeaks peaks = machine_peaks();
  EXPECT_EQ(peak_of_threads(peaks, "fp32", 1), 100e9);
  EXPECT_EQ(peak_of_threads(peaks, "fp32", 3), 300e9);
  EXPECT_EQ(peak_of_threads(peaks, "fp32", 7), 600e9);
  EXPECT_EQ(peak_of_threads(peaks, "fp32", 64), 600e9);
  EXPECT_EQ(peak_of_threads(peaks, "memory", 2), 20e9);
  EXPECT_EQ(peak_of_threads(peaks, "memory", 4), 25e9);
  EXPECT_EQ(peak_of_threads(peaks, "int8", 4), 400e9);  // only one was measured
  EXPECT_EQ(peak_of_threads(peaks, "bf16", 1), std::nullopt);
}

// Two tests; each of two regions ran once in 1 s, and used 2 s of CPU time.
class Roofed : public testing::Test {
 protected:
  Roofed() {
    Event cpu_time;
    cpu_time.name = "task-clock";
    cpu_time.unit = "ns";
    recording.events = {cpu_time};
    recording.passes.resize(1);
    recording.peaks = machine_peaks();
    recording.regions = {{-1, "dense", 1, "marks", {80e9, 1e9, "fp32, 1 thread"}},
                         {-1, "lean", 1, "marks", {2e9, 4e9, "fp32, 1 thread"}}};
    for (int test = 1; test <= 2; ++test) {
      Execution one;
      one.test = test;
      one.end = {4'000'000'000};
      one.readings = {{0, 4'000'000'000, {10}, {10}, CountStatus::ok, ""}};
      one.regions = std::make_shared<ExecutionRegions>(ExecutionRegions{
          {{1, 1, "main", 0, {}}},
          {{0, 0, 1, 0, {1'000'000'000}, {1'000'000'000}}, {0, 1, 1, 0, {1'000'000'000}, {1'000'000'000}}},
          {},
          {{0, 0, 2'000'000'000, 2'000'000'000, {10}, {10}},
           {1, 0, 2'000'000'000, 2'000'000'000, {10}, {10}}}});
      recording.executions.push_back(std::move(one));
    }
  }
  RegionRow row(std::size_t at) const { return analyze_regions(recording).rows.at(at); }
  RegionRoof roof(std::size_t at) const { return row(at).roof.value(); }

  Recording recording;
};

TEST_F(Roofed, ItIsTheLessOfComputingAndOfTheMemory) {
  EXPECT_EQ(row(0).intensity, 80);
  EXPECT_FALSE(roof(0).memory);
  EXPECT_EQ(roof(0).most, 100e9);
  EXPECT_DOUBLE_EQ(roof(0).share, 0.8);
  EXPECT_EQ(row(1).intensity, 0.5);
  EXPECT_TRUE(roof(1).memory);
  EXPECT_EQ(roof(1).most, 5e9);
  EXPECT_DOUBLE_EQ(roof(1).share, 0.4);
  EXPECT_EQ(analyze_regions(recording).no_roofs, "");
}

TEST_F(Roofed, ThreadsAreToldOrThoseThatRan) {
  EXPECT_EQ(roof(0).threads_how, "told by the program");
  recording.regions[0].work.how = "fp32";
  EXPECT_EQ(roof(0).threads, 2);
  EXPECT_EQ(roof(0).threads_how, "2.00 CPUs used (task-clock)");
  EXPECT_EQ(roof(0).most, 200e9);
  recording.events[0].name = "page-faults";
  EXPECT_EQ(roof(0).threads, 8);
  EXPECT_THAT(roof(0).threads_how, HasSubstr("not known"));
}

TEST_F(Roofed, NumbersThatAreNotToldAreTakenToBeFp32) {
  EXPECT_TRUE(roof(0).told);
  recording.regions[0].work.how = "1 thread";
  EXPECT_FALSE(roof(0).told);
  EXPECT_EQ(roof(0).number, "fp32");
  recording.regions[0].work.how = "int8, 1 thread";
  EXPECT_EQ(roof(0).most, 400e9);
}

TEST_F(Roofed, WithoutBytesItIsOfComputingAlone) {
  recording.regions[1].work.bytes = 0;
  EXPECT_EQ(row(1).intensity, std::nullopt);
  EXPECT_FALSE(roof(1).memory);
  EXPECT_EQ(roof(1).most, 100e9);
}

TEST_F(Roofed, WhatIsNotKnownHasNone) {
  recording.regions[0].work.flops = 0;
  EXPECT_FALSE(row(0).roof);
  recording.regions[1].work.how = "bf16";
  EXPECT_FALSE(row(1).roof);
  EXPECT_EQ(row(1).intensity, 0.5);
  EXPECT_THAT(analyze_regions(recording).no_roofs, HasSubstr("no peak was measured"));
  recording.peaks = {};
  EXPECT_THAT(analyze_regions(recording).no_roofs, HasSubstr("perfwatt list peaks --measure"));
  recording.regions[1].work.flops = 0;
  EXPECT_EQ(analyze_regions(recording).no_roofs, "");
}

}  // namespace
}  // namespace pw
