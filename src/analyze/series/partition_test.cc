// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/series/partition.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "analyze/series/odd_tests.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr double kTimebase = 512e6;

void set(MachineState& state, const std::string& key, const std::string& value) {
  for (Fact& fact : state)
    if (fact.key == key) {
      fact.value = value;
      return;
    }
  state.push_back({key, value});
}

void set_both(Execution& one, const std::string& key, const std::string& before, const std::string& after) {
  set(one.before, key, before);
  set(one.after, key, after);
}

// Ten seconds on 1.2 cores of a capped partition that is entitled to 1.5, of which 0.05 s were stolen.
Execution ten_seconds(int test) {
  Execution one;
  one.test = test;
  one.begin = {1'000'000'000};
  one.end = {11'000'000'000};
  one.user = {9};
  one.system = {1};
  set_both(one, "cpus_online", "0-15", "0-15");
  set_both(one, "lparcfg_purr", "1000", std::to_string(1000 + static_cast<long>(12 * kTimebase)));
  set_both(one, "lparcfg_tbr", "500", std::to_string(500 + static_cast<long>(10 * kTimebase)));
  set_both(one, "lparcfg_dispatches", "70", "1270");
  set_both(one, "lparcfg_dispersions", "7", "19");
  set_both(one, "lparcfg_entitlement", "150", "150");
  set_both(one, "cpu_purr", "fffffffffffffff0", fmt::format("{:x}", static_cast<long>(12 * kTimebase) - 16));
  set_both(one, "cpu_spurr", "0", fmt::format("{:x}", static_cast<long>(15 * kTimebase)));
  set_both(one, "cpu_purr_ns", "500000000", "10500000000");
  set_both(one, "steal_ticks", "40", "45");
  return one;
}

Recording partition(int tests = 3) {
  Recording recording;
  recording.machine = {{"hypervisor", "PowerVM"}, {"timebase_hz", "512000000"},
                       {"clock_mhz", "3000"},     {"entitled_cores", "1.5"},
                       {"capped", "yes"},         {"lparcfg", "with purr and tbr"},
                       {"purr", "of each CPU"}};
  for (int test = 1; test <= tests; ++test) recording.executions.push_back(ten_seconds(test));
  return recording;
}

std::string why(const Known& known) { return known ? "known" : known.error(); }

TEST(Given, ByLparcfg) {
  const Recording recording = partition();
  const Execution& one = recording.executions[0];
  EXPECT_DOUBLE_EQ(cores_consumed(recording, one).value(), 1.2);
  EXPECT_DOUBLE_EQ(core_seconds(recording, one).value(), 12);
  EXPECT_DOUBLE_EQ(entitlement_share(recording, one).value(), 80);
  EXPECT_DOUBLE_EQ(steal_seconds(recording, one).value(), 0.05);
  EXPECT_DOUBLE_EQ(effective_frequency(recording, one).value(), 3750);
  EXPECT_EQ(dispatches(recording, one).value(), 1200);
  EXPECT_EQ(dispersions(recording, one).value(), 12);
}

// The sum of the registers passed 2^64 meanwhile.
TEST(Given, ByRegistersWhereThereIsNoLparcfg) {
  Recording recording = partition();
  recording.machine[5].value = "absent: none here";
  Execution& one = recording.executions[0];
  std::erase_if(one.before, [](const Fact& fact) { return fact.key.starts_with("lparcfg_"); });
  EXPECT_DOUBLE_EQ(cores_consumed(recording, one).value(), 1.2);
  EXPECT_EQ(why(entitlement_share(recording, one)), "lparcfg: absent: none here");
  EXPECT_EQ(why(dispatches(recording, one)), "lparcfg: absent: none here");
  std::erase_if(recording.machine, [](const Fact& fact) { return fact.key == "timebase_hz"; });
  EXPECT_EQ(why(cores_consumed(recording, one)), "the timebase's frequency is unknown");
}

TEST(Given, SaysWhyItIsUnknown) {
  Recording recording = partition();
  recording.machine[5].value = "absent";
  recording.machine[6].value = "not permitted";
  Execution one;
  EXPECT_EQ(why(cores_consumed(recording, one)), "lparcfg: absent; purr: not permitted");
  EXPECT_EQ(why(effective_frequency(recording, one)), "purr: not permitted");
  EXPECT_EQ(why(steal_seconds(recording, one)), "steal_ticks was not read before and after");
  EXPECT_EQ(why(dispatches(partition(), one)), "lparcfg does not tell it");
  EXPECT_EQ(why(core_seconds(Recording(), one)), "purr was not recorded");
}

TEST(Given, WhatWentBackIsUnknown) {
  Recording recording = partition();
  Execution& one = recording.executions[0];
  set(one.after, "steal_ticks", "39");
  EXPECT_EQ(why(steal_seconds(recording, one)), "steal_ticks went back");
  set(one.after, "lparcfg_purr", "999");
  EXPECT_EQ(why(cores_consumed(recording, one)), "lparcfg_purr went back");
  set(one.after, "cpu_spurr", "x");
  EXPECT_EQ(why(effective_frequency(recording, one)), "cpu_spurr was not read before and after");
}

// A signed number as the kernel prints it.
TEST(Given, ASumPast2To63IsNoFall) {
  Recording recording = partition();
  Execution& one = recording.executions[0];
  set_both(one, "lparcfg_purr", "9223372036854775000", "-9223372030710776616");
  EXPECT_NEAR(cores_consumed(recording, one).value(), 1.2, 1e-6);
}

TEST(Given, SumsOfOtherCpusAreNotCompared) {
  Recording recording = partition();
  Execution& one = recording.executions[0];
  set(one.after, "cpus_online", "0-7");
  EXPECT_EQ(why(cores_consumed(recording, one)), "CPUs went on- or offline in mid-execution");
  EXPECT_EQ(why(effective_frequency(recording, one)), "CPUs went on- or offline in mid-execution");
  EXPECT_TRUE(steal_seconds(recording, one));
}

TEST(Given, AShareOfAnEntitlementThatChangedIsUnknown) {
  Recording recording = partition();
  set(recording.executions[0].after, "lparcfg_entitlement", "200");
  EXPECT_EQ(why(entitlement_share(recording, recording.executions[0])),
            "the entitlement changed in mid-execution");
}

TEST(Given, OnlyWhatTheMachineHasIsShown) {
  const auto names = [](const Recording& recording) {
    std::vector<std::string> found;
    for (const GivenQuantity& one : given_quantities())
      if (has_quantity(recording, one)) found.emplace_back(one.name);
    return found;
  };
  Recording recording = partition();
  EXPECT_THAT(names(recording), ElementsAre("cores-consumed", "entitlement-share", "steal",
                                            "effective-frequency", "dispatches", "dispersions"));
  recording.machine = {{"purr", "of each CPU"}};  // bare metal
  EXPECT_THAT(names(recording), ElementsAre("cores-consumed", "steal"));
  recording.machine.clear();
  EXPECT_THAT(names(recording), ElementsAre("steal"));
  EXPECT_THAT(names(Recording()), IsEmpty());
}

TEST(Given, NoStealSinceBootMayBeThatNobodyCounts) {
  const auto doubts = [](const Recording& recording) {
    std::string all;
    for (const GivenQuantity& one : given_quantities()) all += doubt_of(recording, one);
    return all;
  };
  Recording recording = partition();
  EXPECT_EQ(doubts(recording), "");
  for (Execution& one : recording.executions) set_both(one, "steal_ticks", "0", "0");
  EXPECT_EQ(doubts(recording), "none since the machine was started: not every hypervisor tells it");
  recording.machine.erase(recording.machine.begin());  // no hypervisor
  EXPECT_EQ(doubts(recording), "");
}

TEST(GivenWarnings, NoneWhereThereWasCpuEnough) { EXPECT_THAT(given_warnings(partition()), IsEmpty()); }

TEST(GivenWarnings, NameTheTestsThatWaited) {
  Recording recording = partition();
  set(recording.executions[1].after, "steal_ticks", "90");  // 0.5 s of 10 s of CPU time
  EXPECT_THAT(given_warnings(recording),
              ElementsAre(testing::Field(
                  &GivenWarning::text,
                  "less CPU than asked for: the elapsed time contains waiting for the hypervisor, up "
                  "to 0.5 s in test 2 (steal is 5.0 % of its CPU time)")));
  recording.experiment.target = "process 7";
  EXPECT_THAT(given_warnings(recording), IsEmpty());
}

// A tick more or less is no steal.
TEST(GivenWarnings, AreSilentAboutATickInAShortTest) {
  Recording recording = partition(1);
  recording.executions[0].user = recording.executions[0].system = {0.1};
  set(recording.executions[0].after, "steal_ticks", "41");
  EXPECT_THAT(given_warnings(recording), IsEmpty());
  set(recording.executions[0].after, "steal_ticks", "44");
  EXPECT_EQ(given_warnings(recording).size(), 1U);
}

TEST(GivenWarnings, NoMoreThanFiveTestsAreNamed) {
  Recording recording = partition(8);
  for (Execution& one : recording.executions) set(one.after, "steal_ticks", "9000");
  EXPECT_THAT(given_warnings(recording).at(0).text,
              HasSubstr("up to 10 s in test 5"));  // no more than it lasted
  EXPECT_THAT(given_warnings(recording).at(0).text, HasSubstr(", and in 3 more"));
}

TEST(GivenWarnings, SayThatACappedEntitlementWasUsedUp) {
  Recording recording = partition();
  set(recording.executions[2].after, "lparcfg_purr",
      std::to_string(1000 + static_cast<long>(15 * kTimebase)));
  EXPECT_THAT(given_warnings(recording),
              ElementsAre(testing::Field(
                  &GivenWarning::text,
                  "the partition's entitlement of 1.5 cores was used up, and it is capped: 100.0 % in "
                  "test 3; more CPU was not to be had")));
  recording.machine[4].value = "no";
  EXPECT_THAT(given_warnings(recording), IsEmpty());
}

TEST(GivenWarnings, SayThatEventsAreThoseOfTheMode) {
  Recording recording = partition();
  recording.machine.push_back({"compatibility_mode", "POWER9 mode of a POWER10"});
  EXPECT_THAT(given_warnings(recording).at(0).text,
              HasSubstr("(POWER9 mode of a POWER10): names and codes of events are those of the mode; "));
  recording.machine.push_back({"pmu", "POWER10"});
  EXPECT_THAT(given_warnings(recording).at(0).text,
              HasSubstr("names and codes of events are those of the kernel's PMU, POWER10; "));
}

TEST(LikelyCauses, AreStealAndFewerCores) {
  Recording recording = partition(6);
  Execution& slow = recording.executions[3];
  set(slow.after, "steal_ticks", "240");
  set(slow.after, "lparcfg_purr", std::to_string(1000 + static_cast<long>(9 * kTimebase)));
  EXPECT_THAT(LikelyCauses(recording).of(4),
              ElementsAre("2,000 ms of steal against 50", "0.9 cores consumed against 1.2"));
  EXPECT_THAT(LikelyCauses(recording).of(1), IsEmpty());
}

}  // namespace
}  // namespace pw
