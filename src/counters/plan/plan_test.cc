// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/plan/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <functional>
#include <map>
#include <set>

#include "counters/names/event_names.h"
#include "counters/plan/resolve.h"
#include "os/file.h"

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A kernel that refuses a group where `refuses` says so; single events by errno.
class FakeOpener : public Opener {
 public:
  std::map<std::uint64_t, int> errors;  // by config; kernel mode included
  std::function<bool(std::set<std::uint64_t>)> group_ok = [](const auto&) { return true; };
  bool kernel_mode_forbidden = false;
  std::string user;
  std::string other_user() const override { return user; }
  int try_open(const perf_event_attr& attr) override {
    if (kernel_mode_forbidden && !attr.exclude_kernel) return EACCES;
    const auto at = errors.find(attr.config);
    return attr.type != PERF_TYPE_SOFTWARE && at != errors.end() ? at->second : 0;
  }
  bool fits(std::span<const perf_event_attr> group) override {
    std::set<std::uint64_t> configs;
    for (const auto& attr : group) configs.insert(attr.config);
    return group_ok(configs);
  }
};

CountingPlan plan_for(const std::string& list, FakeOpener& opener, const Root& root = Root("/nonexistent"),
                      CountingLimits limits = {2, true, false, ""}) {
  return plan_passes(resolve_events(parse_events(list).value(), opener, root, limits), false, opener);
}

TEST(Resolve, ForbiddenKernelModeLeavesUserModeAndNoSilentZero) {
  FakeOpener opener;
  opener.kernel_mode_forbidden = true;
  const auto plan = plan_for("cycles,context-switches,page-faults,cycles:k", opener);
  EXPECT_EQ(plan.events[0].event.scope, Scope::user);
  EXPECT_EQ(plan.events[0].event.status, CountStatus::ok);
  EXPECT_EQ(plan.events[1].event.status, CountStatus::not_permitted);
  EXPECT_THAT(plan.events[1].event.reason, HasSubstr("perf_event_paranoid is 2"));
  EXPECT_EQ(plan.events[2].event.scope, Scope::user);
  EXPECT_EQ(plan.events[3].event.status, CountStatus::not_permitted);
}

TEST(Resolve, AClockIsWholeWhereOnlyUserModeIsAllowed) {
  FakeOpener opener;
  opener.kernel_mode_forbidden = true;
  for (const char* name : {"task-clock", "cpu-clock"})
    EXPECT_EQ(plan_for(name, opener).events[0].event.scope, Scope::both) << name;
}

TEST(Resolve, TellsErrnosApart) {
  const EventRequest cycles = parse_events("cycles").value().front();
  const CountingLimits no_pmu{2, false, false, ""}, pmu{4, true, false, ""};
  EXPECT_EQ(explain_refusal(ENOENT, no_pmu, cycles).status, CountStatus::not_supported);
  EXPECT_THAT(explain_refusal(ENOENT, no_pmu, cycles).reason, HasSubstr("no PMU"));
  EXPECT_EQ(explain_refusal(EOPNOTSUPP, pmu, cycles).status, CountStatus::not_supported);
  EXPECT_EQ(explain_refusal(EACCES, pmu, cycles).status, CountStatus::not_permitted);
  EXPECT_THAT(explain_refusal(EACCES, pmu, cycles).reason, HasSubstr("paranoid is 4"));
  EXPECT_EQ(explain_refusal(EMFILE, pmu, cycles).status, CountStatus::not_counted);
}

TEST(Resolve, TellsWhoForbids) {
  const EventRequest cycles = parse_events("cycles").value().front();
  const EventRequest kernel = parse_events("cycles:k").value().front();
  EventRequest whole = cycles;
  whole.cpus = {0};
  CountingLimits limits{2, true, false, ""};
  const auto reason = [&](int error, const EventRequest& request) {
    const Refusal refusal = explain_refusal(error, limits, request);
    EXPECT_EQ(refusal.status, CountStatus::not_permitted);
    return refusal.reason;
  };
  EXPECT_THAT(reason(EACCES, kernel),
              HasSubstr("paranoid is 2: needs 1 or less, or CAP_PERFMON, which we do not have"));
  EXPECT_THAT(reason(EACCES, whole), HasSubstr("whole CPUs, and perf_event_paranoid is 2: needs 0 or less"));
  EXPECT_THAT(reason(EACCES, cycles), HasSubstr("perf_event_paranoid would allow it"));
  limits.whole_cpus = true;
  EXPECT_EQ(reason(EACCES, cycles), reason(EACCES, whole));
  limits.whole_cpus = false;
  limits.paranoid = 3;
  limits.may.root = true;
  EXPECT_THAT(reason(EACCES, cycles),
              HasSubstr("needs 2 or less, or CAP_PERFMON, which this root does not have"));
  limits.may.perfmon = true;
  EXPECT_THAT(reason(EPERM, cycles), HasSubstr("a security module"));
  for (const int filter : {EPERM, ENOSYS}) {
    limits.may.filtered = filter;
    EXPECT_THAT(reason(filter, cycles), HasSubstr("a seccomp filter refuses perf_event_open"));
    EXPECT_THAT(reason(filter, whole), HasSubstr("--cap-add PERFMON"));
  }
  limits.may.filtered = 0;
  EXPECT_EQ(explain_refusal(ENOSYS, limits, cycles).status, CountStatus::not_supported);
}

TEST(Resolve, CapabilitiesCountWhereTheyAreThoseOfTheMachine) {
  const TempFolder folder = TempFolder::make().value();
  const auto put = [&](const char* file, const std::string& text) {
    ASSERT_TRUE(make_folder((folder.path() / file).parent_path()));
    ASSERT_TRUE(write_file(folder.path() / file, text));
  };
  const auto perfmon = [&](const std::string& capabilities) {
    put("proc/self/status", "Name:\tx\nCapEff:\t" + capabilities + "\nSeccomp:\t0\n");
    return permissions(Root(folder.path())).perfmon;
  };
  put("proc/self/uid_map", "         0          0 4294967295\n");
  EXPECT_TRUE(perfmon("000001ffffffffff"));
  EXPECT_TRUE(perfmon("0000004000000000"));   // CAP_PERFMON
  EXPECT_FALSE(perfmon("00000000a80425fb"));  // root of a container of docker
  EXPECT_FALSE(perfmon("0000000000000000"));
  put("proc/self/uid_map", "         0       1000          1\n");  // a user's own namespace
  EXPECT_FALSE(perfmon("000001ffffffffff"));
  EXPECT_EQ(permissions(Root(folder.path())).filtered, 0);
}

// The pairs that Linux 6.1 refuses on an emulated POWER9 (../shared/field-notes/emulation.md, section 3).
bool power9(const std::set<std::uint64_t>& configs) {
  const auto both = [&](std::uint64_t a, std::uint64_t b) { return configs.count(a) && configs.count(b); };
  return !both(PERF_COUNT_HW_BRANCH_INSTRUCTIONS, PERF_COUNT_HW_BRANCH_MISSES) &&
         !both(PERF_COUNT_HW_CACHE_REFERENCES, PERF_COUNT_HW_STALLED_CYCLES_FRONTEND) &&
         !both(PERF_COUNT_HW_CACHE_REFERENCES, PERF_COUNT_HW_STALLED_CYCLES_BACKEND) &&
         !both(PERF_COUNT_HW_STALLED_CYCLES_FRONTEND, PERF_COUNT_HW_STALLED_CYCLES_BACKEND);
}

TEST(Plan, SpreadsTheEightOverThreePassesWhereTheKernelRefusesLikeAPower9) {
  FakeOpener opener;
  opener.group_ok = power9;
  CountingPlan plan = plan_passes(
      resolve_events(default_events(), opener, Root("/nonexistent"), {2, true, false, ""}), false, opener);
  ASSERT_EQ(plan.passes.size(), 3U);
  for (const Pass& pass : plan.passes) {
    std::set<std::uint64_t> hardware;
    for (const int event : pass.events) {
      const auto& resolved = plan.events[static_cast<std::size_t>(event)];
      if (!resolved.event.software) hardware.insert(resolved.attr.config);
    }
    EXPECT_TRUE(power9(hardware));
    EXPECT_TRUE(hardware.count(PERF_COUNT_HW_CPU_CYCLES) && hardware.count(PERF_COUNT_HW_INSTRUCTIONS));
  }
  EXPECT_EQ(plan.passes[0].reason, "");
  EXPECT_THAT(plan.passes[1].reason, HasSubstr("refuses"));
  for (const ResolvedEvent& resolved : plan.events) EXPECT_FALSE(resolved.event.passes.empty());
}

TEST(Plan, NamesTheSharedCounterOnPower) {
  const auto folder = TempFolder::make().value();
  const auto events = folder.path() / "sys/bus/event_source/devices/cpu/events";
  ASSERT_TRUE(make_folder(events));
  ASSERT_TRUE(write_file(events / "branch-instructions", "event=0x4d05e\n"));
  ASSERT_TRUE(write_file(events / "branch-misses", "event=0x400f6\n"));
  FakeOpener opener;
  opener.group_ok = power9;
  const auto plan =
      plan_for("branches,branch-misses", opener, Root(folder.path()), {2, true, true, "power9"});
  ASSERT_EQ(plan.passes.size(), 2U);
  EXPECT_EQ(plan.passes[1].reason, "branches and branch-misses both need PMC4");
}

std::vector<std::string> names_of(const CountingPlan& plan, std::size_t pass) {
  std::vector<std::string> names;
  for (const int event : plan.passes[pass].events)
    names.push_back(plan.events[static_cast<std::size_t>(event)].event.name);
  return names;
}

TEST(Plan, CountsAGroupTogetherOrSaysWhyNot) {
  FakeOpener opener;
  opener.group_ok = power9;
  const auto plan = plan_for("cycles,branches,{cache-references,branch-misses},cache-misses", opener);
  ASSERT_EQ(plan.passes.size(), 2U);
  EXPECT_THAT(names_of(plan, 0), ElementsAre("cycles", "branches", "cache-misses"));
  EXPECT_THAT(names_of(plan, 1), ElementsAre("cycles", "cache-references", "branch-misses"));
  const auto never = plan_for("cache-misses,{branches,branch-misses}", opener);
  EXPECT_THAT(never.impossible_group,
              HasSubstr("the group {branches, branch-misses} can never be counted at once"));
  EXPECT_EQ(never.events[1].event.status, CountStatus::not_counted);
  EXPECT_THAT(names_of(never, 0), ElementsAre("cache-misses"));
}

TEST(Plan, FillsTheFirstPassWhereFourEventsAreTooFew) {
  FakeOpener opener;
  opener.group_ok = [](const auto& configs) { return !configs.count(0x100f8) || configs.size() <= 4; };
  const auto plan = plan_for(
      "cycles,instructions,branches,branch-misses,cache-references,cache-misses,r100f8,r30008", opener);
  ASSERT_EQ(plan.passes.size(), 2U);
  EXPECT_EQ(names_of(plan, 0).size(), 7U);
}

TEST(Plan, AnEventThatNeverRunsWholeIsNotCounted) {
  FakeOpener opener;
  opener.group_ok = [](const auto& configs) { return !configs.count(PERF_COUNT_HW_REF_CPU_CYCLES); };
  const auto plan = plan_for("cycles,ref-cycles,branches", opener);
  EXPECT_EQ(plan.passes.size(), 1U);
  EXPECT_EQ(plan.events[1].event.status, CountStatus::not_counted);
  EXPECT_EQ(plan.events[0].event.status, CountStatus::ok);
}

// Six counters, one of them the watchdog's: cycles can be counted nowhere else.
TEST(Plan, NamesTheWatchdogThatHoldsACounter) {
  const auto folder = TempFolder::make().value();
  ASSERT_TRUE(make_folder(folder.path() / "proc/sys/kernel"));
  ASSERT_TRUE(write_file(folder.path() / "proc/sys/kernel/nmi_watchdog", "1\n"));
  FakeOpener opener;
  opener.user = KernelOpener({}, Root(folder.path())).other_user();
  opener.group_ok = [](const auto& configs) {
    return !configs.count(PERF_COUNT_HW_CPU_CYCLES) && configs.size() <= 3;
  };
  const auto plan = plan_for("cycles,branches,branch-misses,cache-references,cache-misses", opener);
  EXPECT_EQ(plan.events[0].event.reason,
            "it opens but never runs whole: the NMI watchdog (to free its counter: sudo sysctl "
            "kernel.nmi_watchdog=0) holds a counter");
  ASSERT_EQ(plan.passes.size(), 2U);
  EXPECT_THAT(plan.passes[1].reason, HasSubstr("beside the NMI watchdog"));
  ASSERT_TRUE(write_file(folder.path() / "proc/sys/kernel/nmi_watchdog", "0\n"));
  EXPECT_EQ(KernelOpener({}, Root(folder.path())).other_user(), "");
}

TEST(Plan, WithoutAnyHardwareEventThereIsOnePass) {
  FakeOpener opener;
  opener.errors = {{PERF_COUNT_HW_CPU_CYCLES, ENOENT}};
  const auto plan = plan_for("cycles,task-clock", opener);
  ASSERT_EQ(plan.passes.size(), 1U);
  EXPECT_THAT(plan.passes[0].events, ElementsAre(1));
}

TEST(Plan, MultiplexPutsAllInOnePass) {
  FakeOpener opener;
  opener.group_ok = power9;
  auto events = resolve_events(default_events(), opener, Root("/nonexistent"), {2, true, false, ""});
  EXPECT_EQ(plan_passes(std::move(events), true, opener).passes.size(), 1U);
}

}  // namespace
}  // namespace pw
