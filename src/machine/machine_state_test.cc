// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/machine_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "machine/test_machines.h"

namespace pw {
namespace {

std::string state_fact(const MachineState& state, const std::string& key) {
  for (const Fact& one : state)
    if (one.key == key) return one.value;
  return "none";
}

TEST(MachineState, Power9FrequenciesAndThrottleCountsPerChip) {
  test::Tree tree = test::power9();
  const StateReader reader(tree.root());
  const MachineState before = reader.read();
  // CPUs 0, 4, 8 and 12 of the captured tree: one per core.
  EXPECT_EQ(state_fact(before, "frequency_mean_mhz"), "3777");
  EXPECT_EQ(state_fact(before, "frequency_least_mhz"), "3771");
  EXPECT_EQ(state_fact(before, "frequency_most_mhz"), "3783");
  EXPECT_EQ(state_fact(before, "frequency_cpus"), "4");
  EXPECT_EQ(state_fact(before, "governor"), "performance");
  EXPECT_EQ(state_fact(before, "throttled_overtemp"), "0");
  EXPECT_EQ(state_fact(before, "load_1min"), "1.25");
  EXPECT_EQ(state_fact(before, "cpus_online"), "0-15");
  tree.put(test::kCpu + "cpu0/cpufreq/throttle_stats/overtemp", "3\n");
  tree.put(test::kCpu + "cpu8/cpufreq/throttle_stats/overtemp", "4\n");
  tree.put(test::kCpu + "cpu4/cpufreq/scaling_governor", "powersave\n");
  const MachineState after = reader.read();
  EXPECT_EQ(state_fact(after, "throttled_overtemp"), "7");
  EXPECT_EQ(state_fact(after, "governor"), "performance,powersave");
}

TEST(MachineState, X86CountsPerCoreAndPackage) {
  const MachineState state = StateReader(test::x86_guest().root()).read();
  EXPECT_EQ(state_fact(state, "throttled_core"), "14");
  EXPECT_EQ(state_fact(state, "throttled_package"), "40");
  EXPECT_EQ(state_fact(state, "smt"), "notsupported");
  EXPECT_EQ(state_fact(state, "frequency_mean_mhz"), "none");
}

TEST(MachineState, ACountThatWentAwayIsUnknownNotLower) {
  test::Tree tree = test::x86_guest();
  const StateReader reader(tree.root());
  tree.remove(test::kCpu + "cpu1/thermal_throttle/core_throttle_count");
  EXPECT_EQ(state_fact(reader.read(), "throttled_core"), "none");
}

TEST(MachineState, CountsThePeriodsThatAQuotaEnded) {
  test::Tree tree = test::x86_guest();
  EXPECT_EQ(state_fact(StateReader(tree.root()).read(), "throttled_cgroup"), "none");  // no cpu.stat
  const std::string stat = "usage_usec 5\nnr_periods 40\nnr_throttled 9\nthrottled_usec 100\n";
  tree.put("sys/fs/cgroup/pod/cpu.stat", stat);
  tree.put("sys/fs/cgroup/pod/app/cpu.stat", stat);  // it has no quota of its own
  EXPECT_EQ(state_fact(StateReader(tree.root()).read(), "throttled_cgroup"), "9");
  test::Tree old;
  old.put("proc/self/cgroup", "3:cpu:/job\n");
  old.put("sys/fs/cgroup/cpu/job/cpu.cfs_quota_us", "50000\n");
  old.put("sys/fs/cgroup/cpu/job/cpu.cfs_period_us", "100000\n");
  old.put("sys/fs/cgroup/cpu/job/cpu.stat", "nr_periods 4\nnr_throttled 3\nthrottled_time 100\n");
  EXPECT_EQ(state_fact(StateReader(old.root()).read(), "throttled_cgroup"), "3");
}

TEST(MachineState, PagesThatWereSwappedOrLayOnAnotherNode) {
  test::Tree tree;
  tree.put("proc/vmstat",
           "numa_local 524537780\nnuma_other 12\nnuma_pages_migrated 7\npswpin 3\npswpout 40\n");
  const MachineState state = StateReader(tree.root()).read();
  EXPECT_EQ(state_fact(state, "swapped_in"), "3");
  EXPECT_EQ(state_fact(state, "swapped_out"), "40");
  EXPECT_EQ(state_fact(state, "numa_local"), "524537780");
  EXPECT_EQ(state_fact(state, "numa_other"), "12");
  tree.put("proc/vmstat", "pswpin 3\n");  // a kernel without NUMA and swap
  EXPECT_EQ(state_fact(StateReader(tree.root()).read(), "numa_other"), "none");
}

TEST(MachineState, NothingThereIsNoFact) {
  const test::Tree tree;
  EXPECT_TRUE(StateReader(tree.root()).read().empty());
}

}  // namespace
}  // namespace pw
