// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/peaks.h"

#include <gmock/gmock.h>

namespace pw {
namespace {

TEST(Peaks, AreTheBestOfTheirRepetitions) {
  const Peak peak{"fp32", 2, {3e9, 5e9, 4e9, 1e9}, "generic"};
  EXPECT_EQ(peak.best(), 5e9);
  EXPECT_EQ(peak.median(), 3.5e9);
}

TEST(Peaks, AreOfOneThreadAndOfTheMost) {
  const MachinePeaks peaks{
      {}, {{"fp32", 1, {1}, ""}, {"fp32", 4, {3}, ""}, {"fp32", 8, {4}, ""}, {"L1", 1, {9}, ""}}};
  EXPECT_EQ(peaks.of_one("fp32")->best(), 1);
  EXPECT_EQ(peaks.of_all("fp32")->threads, 8);
  EXPECT_EQ(peaks.of_all("L1")->threads, 1);
  EXPECT_EQ(peaks.of_one("bf16"), nullptr);
  EXPECT_EQ(peaks.of_all("bf16"), nullptr);
}

TEST(Peaks, HaveUnits) {
  EXPECT_EQ(peak_unit("int8"), "op/s");
  EXPECT_EQ(peak_unit("L3"), "B/s");
  EXPECT_EQ(peak_unit("clock"), "Hz");
}

TEST(Peaks, ComeBackOutOfText) {
  const Peak peak{"memory-triad", 64, {1.25e11, 0.1}, "AVX2; 4 MiB each, CPUs 0-63"};
  EXPECT_EQ(peak_fact(peak).key, "memory-triad 64");
  EXPECT_EQ(peak_of(peak_fact(peak)), peak);
}

TEST(Peaks, AreNotMadeOfOtherText) {
  for (const Fact& fact : std::vector<Fact>{{"fp32", "1; x"},
                                            {" 1", "1; x"},
                                            {"fp32 0", "1; x"},
                                            {"fp32 -1", "1; x"},
                                            {"fp32 1000001", "1; x"},
                                            {"fp32 1", "1"},
                                            {"fp32 1", "; x"},
                                            {"fp32 1", "0; x"},
                                            {"fp32 1", "1 -1; x"},
                                            {"fp32 1", "inf; x"},
                                            {"fp32 1", "nan; x"},
                                            {"fp32 1", "1  1; x"}})
    EXPECT_EQ(peak_of(fact), std::nullopt) << fact.key << ": " << fact.value;
}

}  // namespace
}  // namespace pw
