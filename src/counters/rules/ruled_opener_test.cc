// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/rules/ruled_opener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "counters/rules/cpu_events.h"
#include "facts/hardware_events.h"

namespace pw {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

CountingPlan plan_for(std::string_view cpu, std::string_view list) {
  RuledOpener opener(known_power_cpu(cpu).value());
  return plan_passes(events_of_cpu(cpu, list).value(), false, opener, &opener);
}

std::vector<std::string> hardware_in(const CountingPlan& plan, std::size_t pass) {
  std::vector<std::string> names;
  for (const int item : plan.passes[pass].events) {
    const Event& event = plan.events[static_cast<std::size_t>(item)].event;
    if (!event.software) names.push_back(event.name);
  }
  return names;
}

std::string names_with(std::string_view cpu, std::initializer_list<std::string_view> parts) {
  std::vector<std::string> names = {"cycles", "instructions"};
  for (const HardwareFact& fact : hardware_facts(cpu))
    for (const std::string_view part : parts)
      if (fact.name.find(part) != std::string_view::npos) names.emplace_back(fact.name);
  return join(names, ",");
}

TEST(PlanForCpu, Power9NeedsThreePassesForTheStudysEight) {
  const CountingPlan plan = plan_for("power9", "");
  ASSERT_EQ(plan.passes.size(), 3U);
  EXPECT_THAT(plan.passes[2].reason, HasSubstr("branches and branch-misses both need PMC4"));
  EXPECT_EQ(plan.fewest.passes, 3);
  EXPECT_EQ(plan.fewest.reason, "3 events need PMC1");
  for (std::size_t pass = 0; pass < 3; ++pass)
    EXPECT_THAT(hardware_in(plan, pass), testing::IsSupersetOf({"cycles", "instructions"}));
}

TEST(PlanForCpu, Power10CountsSixAtOnceAndTheRawStallsInASecondPass) {
  const std::string six = "cycles,instructions,cache-references,cache-misses,branches,branch-misses";
  EXPECT_EQ(plan_for("power10", six).passes.size(), 1U);
  const CountingPlan eight = plan_for("power10", six + ",r100f8,r30008");
  ASSERT_EQ(eight.passes.size(), 2U);
  EXPECT_THAT(hardware_in(eight, 1), testing::IsSupersetOf({"r100f8", "r30008"}));
}

TEST(PlanForCpu, Power10SaysWhichCodesComeNearestToTheStalls) {
  const CountingPlan plan = plan_for("power10", "");
  EXPECT_EQ(plan.events[6].event.status, CountStatus::not_supported);
  EXPECT_THAT(plan.events[6].event.reason, AllOf(HasSubstr("r100f8"), HasSubstr("PM_DISP_STALL_CYC")));
  EXPECT_THAT(plan.events[7].event.reason, AllOf(HasSubstr("r30008"), HasSubstr("PM_EXEC_STALL")));
}

TEST(PlanForCpu, AWholeCpiStackTakesProvablyTheFewestPasses) {
  const CountingPlan power9 =
      plan_for("power9", names_with("power9", {"CMPLU_STALL", "ICT_NOSLOT", "1PLUS_PPC_CMPL", "PM_RUN_"}));
  EXPECT_GE(power9.events.size(), 73U);
  EXPECT_EQ(static_cast<int>(power9.passes.size()), power9.fewest.passes);
  EXPECT_THAT(power9.fewest.reason, HasSubstr("events need PMC"));
  const CountingPlan power10 = plan_for("power10", names_with("power10", {"_STALL"}));
  EXPECT_GE(power10.events.size(), 60U);
  EXPECT_EQ(static_cast<int>(power10.passes.size()), power10.fewest.passes);
}

TEST(PlanForCpu, EveryPassOfALargePlanFits) {
  const CountingPlan plan = plan_for("power9", names_with("power9", {"CMPLU_STALL", "PM_BR_", "PM_L2_"}));
  for (std::size_t pass = 0; pass < plan.passes.size(); ++pass) {
    std::vector<std::uint64_t> codes;
    for (const int item : plan.passes[pass].events)
      codes.push_back(plan.events[static_cast<std::size_t>(item)].attr.config);
    EXPECT_TRUE(group_fits(PowerCpu::power9, codes)) << pass;
  }
  for (const ResolvedEvent& resolved : plan.events)
    EXPECT_EQ(resolved.event.passes.empty(), resolved.event.status != CountStatus::ok) << resolved.event.name;
}

TEST(EventsOfCpu, TakeNamesOfPerfOfTheHardwareAndCodes) {
  const auto events = events_of_cpu("power9", "cpu-cycles,PM_CMPLU_STALL:u,r1001c,task-clock,cycles").value();
  std::vector<std::string> labels, hardware;
  for (const ResolvedEvent& resolved : events) {
    labels.push_back(resolved.event.label());
    hardware.push_back(resolved.event.hardware_event);
  }
  EXPECT_THAT(labels, ElementsAre("cycles", "PM_CMPLU_STALL:u", "r1001c", "task-clock"));
  EXPECT_THAT(hardware, ElementsAre("PM_CYC 0x1e", "0x1e054", "PM_CMPLU_STALL_THRD 0x1001c", ""));
  EXPECT_EQ(events[1].event.scope, Scope::user);
}

TEST(EventsOfCpu, RefuseInWords) {
  const auto elsewhere = events_of_cpu("power10", "PM_CMPLU_STALL").error();
  EXPECT_EQ(elsewhere.kind, Failure::input);
  EXPECT_EQ(elsewhere.what, "'PM_CMPLU_STALL' is an event of power8 and power9, not of power10");
  EXPECT_EQ(events_of_cpu("power9", "PM_CMPLU_STAL").error().hint, "did you mean 'PM_CMPLU_STALL'?");
  EXPECT_THAT(events_of_cpu("z80", "cycles").error().hint, HasSubstr("power8, power9, power10"));
  EXPECT_FALSE(events_of_cpu("power9", "cycles:x"));
  EXPECT_FALSE(events_of_cpu("power9", "cycles,,branches"));
  EXPECT_FALSE(events_of_cpu("power9", "rxyz"));
}

TEST(EventsOfCpu, SayWhatNeverOpens) {
  const auto events = events_of_cpu("power9", "r16080,ref-cycles,r70000").value();
  for (const ResolvedEvent& resolved : events)
    EXPECT_EQ(resolved.event.status, CountStatus::not_supported) << resolved.event.name;
  EXPECT_THAT(events[0].event.reason, HasSubstr("PMC4"));
  EXPECT_THAT(events[2].event.reason, HasSubstr("there is no PMC7"));
}

}  // namespace
}  // namespace pw
