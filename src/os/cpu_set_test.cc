// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/cpu_set.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/list.h"

namespace pw {
namespace {

TEST(CpuSet, HoldsWhatItIsGiven) {
  const CpuSet set({8, 0, 63, 64});
  EXPECT_EQ(set.cpus(), (std::vector<int>{0, 8, 63, 64}));
  EXPECT_FALSE(set.contains(1));
  EXPECT_FALSE(set.contains(-1));
  EXPECT_TRUE(CpuSet().cpus().empty());
}

TEST(CpuSet, HoldsMoreCpusThanTheSizeOfTheCLibrary) {
  const CpuSet set({1023, 1024, 1919, kListEnd - 1});
  EXPECT_EQ(set.cpus(), (std::vector<int>{1023, 1024, 1919, kListEnd - 1}));
  EXPECT_FALSE(set.contains(kListEnd));
}

TEST(CpuSet, PinsTheCallingThreadAlone) {
  const std::vector<int> before = CpuSet::usable().cpus();
  ASSERT_FALSE(before.empty());
  std::vector<int> pinned;
  int error = -1;
  std::thread([&] {
    error = CpuSet({before.back()}).pin_this_thread();
    pinned = CpuSet::usable().cpus();
  }).join();
  EXPECT_EQ(error, 0);
  EXPECT_EQ(pinned, (std::vector<int>{before.back()}));
  EXPECT_EQ(CpuSet::usable().cpus(), before);
}

TEST(CpuSet, NoCpuIsNotPinnedTo) {
  std::thread([] { EXPECT_NE(CpuSet().pin_this_thread(), 0); }).join();
  std::thread([] { EXPECT_NE(CpuSet({kListEnd - 1}).pin_this_thread(), 0); }).join();
}

TEST(ParseCpus, TakesThoseThatWeMayRunOn) {
  const int last = CpuSet::usable().cpus().back();
  EXPECT_EQ(parse_cpus(std::to_string(last))->cpus(), (std::vector<int>{last}));
  EXPECT_EQ(parse_cpus("0-").error().kind, Failure::input);
  EXPECT_EQ(parse_cpus("9999").error().kind, Failure::not_possible);
  EXPECT_EQ(parse_cpus("9999").error().what, "CPU 9999 is not one that we may run on");
}

}  // namespace
}  // namespace pw
