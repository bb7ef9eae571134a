// SPDX-License-Identifier: GPL-3.0-or-later
// What a POWER partition tells of itself, once and before and after an execution.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "machine/machine.h"
#include "machine/machine_state.h"
#include "machine/test_machines.h"

namespace pw {
namespace {

std::string fact_in(const std::vector<Fact>& facts, const std::string& key) {
  for (const Fact& one : facts)
    if (one.key == key) return one.value;
  return "none";
}

Machine described(const test::Tree& tree) { return describe_machine(tree.root(), {}); }

std::string state_of(const test::Tree& tree, const std::string& key) {
  return fact_in(StateReader(tree.root()).read(), key);
}

TEST(Partition, OfAPower11) {
  const Machine machine = described(test::power11_lpar());
  for (const auto& [key, value] : {std::pair{"hypervisor", "PowerVM"},
                                   {"partition", "shared processors, entitled to 1.50, capped"},
                                   {"timebase_hz", "512000000"},
                                   {"clock_mhz", "3000"},
                                   {"partition_id", "7"},
                                   {"partition_name", "inference"},
                                   {"processor_sharing", "shared"},
                                   {"capped", "yes"},
                                   {"entitled_cores", "1.5"},
                                   {"virtual_processors", "2"},
                                   {"most_virtual_processors", "4"},
                                   {"pool_processors", "16"},
                                   {"affinity_score", "85"},
                                   {"power_mode_data", "0001000400010004"},
                                   {"power_mode", "Maximum Performance (3)"},
                                   {"power_most_mhz", "4000"},
                                   {"processor_folding", "Enabled (1)"},
                                   {"energy_scale_9", "A later attribute: 5"},
                                   {"lparcfg", "with purr and tbr"},
                                   {"purr", "of each CPU"},
                                   {"pmu", "POWER11"},
                                   {"compatibility_mode", "none"}})
    EXPECT_EQ(fact_in(machine, key), value) << key;
}

TEST(Partition, OldKernelsNameLparcfgOtherwise) {
  const Machine machine = described(test::power10_lpar());
  EXPECT_EQ(fact_in(machine, "partition"), "shared processors, entitled to 1.50, uncapped");
  EXPECT_EQ(fact_in(machine, "capped"), "no");
  EXPECT_EQ(fact_in(machine, "lparcfg"), "without purr and tbr");
  EXPECT_EQ(fact_in(machine, "purr"), "absent");
  EXPECT_EQ(fact_in(machine, "partition_id"), "none");
}

TEST(Partition, SaysWhatAGuestCannotRead) {
  const Machine machine = described(test::power10_guest());
  EXPECT_EQ(fact_in(machine, "hypervisor"), "KVM");
  EXPECT_EQ(fact_in(machine, "lparcfg"), "absent: a kernel without CONFIG_LPARCFG has none");
  EXPECT_EQ(fact_in(machine, "purr"), "not permitted: this kernel lets root alone read it");
  EXPECT_EQ(fact_in(machine, "partition_id"), "258");  // of the device tree
  EXPECT_EQ(fact_in(machine, "partition"), "none");
}

TEST(Partition, IsNoFactOfOtherMachines) {
  const Machine bare = described(test::power9()), x86 = described(test::x86_guest());
  EXPECT_EQ(fact_in(bare, "timebase_hz"), "512000000");
  EXPECT_EQ(fact_in(bare, "purr"), "absent");
  EXPECT_EQ(fact_in(bare, "lparcfg"), "none");
  for (const char* key : {"timebase_hz", "purr", "lparcfg", "partition_name"})
    EXPECT_EQ(fact_in(x86, key), "none") << key;
}

TEST(CompatibilityMode, IsToldByTheKernelOrSeenInCpuinfo) {
  const auto mode = [](const test::Tree& tree, const ToldPlatform& told) {
    return fact_in(describe_machine(tree.root(), told), "compatibility_mode");
  };
  test::Tree tree = test::power10_lpar();
  EXPECT_EQ(mode(tree, {"power10", "power10"}), "none");
  EXPECT_EQ(mode(tree, {"power9", "power10"}), "POWER9 mode of a POWER10");
  EXPECT_EQ(mode(tree, {"x86_64", ""}), "none");
  EXPECT_EQ(mode(test::power9(), {}), "none");
  tree.put("proc/cpuinfo",
           "cpu\t\t: POWER9 (architected), altivec supported\nrevision\t: 2.0 (pvr 0082 0200)\n"
           "platform\t: pSeries\n");
  EXPECT_EQ(mode(tree, {}), "POWER9 mode of a POWER11");
  tree.put("proc/cpuinfo", "cpu\t\t: POWER8E (raw), altivec supported\nrevision\t: 2.1 (pvr 004b 0201)\n");
  EXPECT_EQ(mode(tree, {}), "none");
}

TEST(PartitionState, CountersAreKeptAsTheyAreRead) {
  const MachineState state = StateReader(test::power11_lpar().root()).read();
  for (const auto& [key, value] : {std::pair{"lparcfg_purr", "1000"},
                                   {"lparcfg_tbr", "2000"},
                                   {"lparcfg_dispatches", "30"},
                                   {"lparcfg_dispersions", "12"},
                                   {"lparcfg_pool_idle", "900"},
                                   {"lparcfg_entitlement", "150"},
                                   {"cpu_purr", "2000"},
                                   {"cpu_spurr", "2200"},
                                   {"steal_ticks", "80"}})
    EXPECT_EQ(fact_in(state, key), value) << key;
  EXPECT_NE(fact_in(state, "cpu_purr_ns"), "none");
  EXPECT_NE(fact_in(state, "partition_read_us"), "none");
}

TEST(PartitionState, RegistersAreThoseOfTheCpusThatAreOnline) {
  test::Tree tree = test::power11_lpar();
  const StateReader reader(tree.root());
  tree.put(test::kCpu + "online", "0-2\n");
  test::put_registers(tree, 2, 0x10, 0xffffffffffffffff);
  EXPECT_EQ(fact_in(reader.read(), "cpu_purr"), "2010");
  EXPECT_EQ(fact_in(reader.read(), "cpu_spurr"), "21ff");  // modulo 2^64
  tree.remove(test::kCpu + "cpu2");
  EXPECT_EQ(fact_in(reader.read(), "cpu_purr"), "none");
}

TEST(PartitionState, WhatCannotBeReadIsNoZero) {
  const MachineState state = StateReader(test::power10_guest().root()).read();
  EXPECT_EQ(fact_in(state, "steal_ticks"), "80");
  for (const char* key : {"lparcfg_purr", "cpu_purr", "cpu_spurr", "cpu_purr_ns", "partition_read_us"})
    EXPECT_EQ(fact_in(state, key), "none") << key;
}

TEST(PartitionState, StealIsTheEighthColumnOfAllCpus) {
  test::Tree tree = test::x86_guest();
  for (const auto& [text, value] : {std::pair{"cpu  1 2 3 4 5 6 7 18\n", "18"},
                                    {"cpu  1 2 3 4 5 6 7\n", "none"},  // kernels before 2.6.11
                                    {"cpu0 1 2 3 4 5 6 7 8 9 10\n", "none"},
                                    {"cpu  1 2 3 4 5 6 7 x 9 10\n", "none"},
                                    {"", "none"}}) {
    tree.put("proc/stat", text);
    EXPECT_EQ(state_of(tree, "steal_ticks"), value) << text;
  }
}

}  // namespace
}  // namespace pw
