// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/sets/counter_set.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <span>
#include <thread>

#include "counters/sets/test_counting.h"
#include "os/command/test_programs.h"
#include "os/descriptor.h"

namespace pw {
namespace {

using test::end_of;
using test::reading_of;
using test::software_plan;
using testing::HasSubstr;

constexpr std::size_t kPages = 3000;

CounterSet open_on(const CountingPlan& plan, pid_t process, CountFrom from, Inherit inherit = Inherit::yes) {
  const CountPlace place{process, -1, ""};
  return CounterSet::open(plan, 1, {&place, 1}, from, inherit);
}

std::vector<Reading> counts_of(std::vector<std::string> command, const CountingPlan& plan, Inherit inherit) {
  Child child = test::spawn_stopped(std::move(command));
  const CounterSet set = open_on(plan, child.pid(), CountFrom::exec, inherit);
  EXPECT_TRUE(child.resume());
  test::output_of(child);
  EXPECT_EQ(end_of(child).exit_status, 0);
  return set.read();
}

TEST(CounterSet, StartsWithTheExec) {
  const CountingPlan plan = software_plan("task-clock,page-faults");
  SKIP_WHERE_NOT_COUNTED(plan);
  Child child = test::spawn_stopped({"true"});
  const CounterSet set = open_on(plan, child.pid(), CountFrom::exec);
  for (const Reading& reading : set.read()) {
    EXPECT_EQ(reading.value, 0U);
    EXPECT_EQ(reading.status, CountStatus::not_counted);
    EXPECT_THAT(reading.reason, HasSubstr("it never ran"));
  }
  ASSERT_TRUE(child.resume());
  ASSERT_EQ(end_of(child).exit_status, 0);
  const std::vector<Reading> readings = set.read();
  ASSERT_EQ(readings.size(), 2U);
  for (const Reading& reading : readings) {
    EXPECT_EQ(reading.status, CountStatus::ok) << reading.reason;
    EXPECT_GT(reading.value, 0U);
    EXPECT_EQ(reading.running, reading.enabled);
  }
  const auto clock = static_cast<std::int64_t>(reading_of(readings, 0).value);
  EXPECT_LE(clock, reading_of(readings, 0).enabled.value * 11 / 10);
}

TEST(CounterSet, CountsContextSwitchesOfACommandThatWaits) {
  const CountingPlan plan = software_plan("context-switches");
  SKIP_WHERE_NOT_COUNTED(plan);
  EXPECT_GE(counts_of(test::shell("(echo a; echo b) | cat"), plan, Inherit::yes)[0].value, 1U);
}

TEST(CountedProgram, DISABLED_TouchesPagesInAThread) {
  std::thread([] { test::touch_pages(kPages); }).join();
}

TEST(CountedProgram, DISABLED_TouchesPagesInAProcess) {
  if (::fork() == 0) {
    test::touch_pages(kPages);
    ::_exit(0);
  }
  ::wait(nullptr);
}

TEST(CounterSet, InheritsToThreadsAndProcesses) {
  const CountingPlan plan = software_plan("page-faults");
  SKIP_WHERE_NOT_COUNTED(plan);
  for (const char* name :
       {"CountedProgram.DISABLED_TouchesPagesInAThread", "CountedProgram.DISABLED_TouchesPagesInAProcess"}) {
    const std::uint64_t all = counts_of(test::own_program(name), plan, Inherit::yes)[0].value;
    const std::uint64_t first = counts_of(test::own_program(name), plan, Inherit::no)[0].value;
    EXPECT_GE(all, kPages) << name;
    EXPECT_LT(first + kPages * 9 / 10, all) << name;
  }
}

TEST(CounterSet, CountsBetweenStartAndStop) {
  const CountingPlan plan = software_plan("page-faults");
  SKIP_WHERE_NOT_COUNTED(plan);
  const CounterSet set = open_on(plan, ::gettid(), CountFrom::start, Inherit::no);
  test::touch_pages(kPages);
  set.start();
  test::touch_pages(100);
  set.stop();
  const std::uint64_t counted = set.read()[0].value;
  test::touch_pages(kPages);
  EXPECT_GE(counted, 100U);
  EXPECT_LT(counted, 1000U);
  EXPECT_EQ(set.read()[0].value, counted);
}

TEST(CounterSet, SumsOverPlacesAndTellsPartsApart) {
  const CountingPlan plan = software_plan("page-faults,task-clock");
  SKIP_WHERE_NOT_COUNTED(plan);
  Child first = test::spawn_stopped({"true"}), second = test::spawn_stopped(test::shell("true"));
  const std::vector<CountPlace> places = {
      {first.pid(), -1, "one"}, {second.pid(), -1, "other"}, {second.pid(), -1, ""}};
  const CounterSet set = CounterSet::open(plan, 1, places, CountFrom::exec);
  for (Child* const child : {&first, &second}) {
    ASSERT_TRUE(child->resume());
    end_of(*child);
  }
  const std::vector<PartReading> parts = set.read_parts();
  ASSERT_EQ(parts.size(), 4U);
  EXPECT_EQ(parts[0].part, "one");
  EXPECT_EQ(parts[3].part, "other");
  EXPECT_EQ(reading_of(set.read(), 0).value, parts[0].reading.value + 2 * parts[2].reading.value);
}

TEST(CounterSet, CountsEverythingOnACpu) {
  const CountingPlan plan = software_plan("cpu-clock", {-1, 0});
  SKIP_WHERE_NOT_COUNTED(plan);
  const CountPlace place{-1, 0, "cpu 0"};
  const CounterSet set = CounterSet::open(plan, 1, {&place, 1}, CountFrom::start);
  set.start();
  Child child = test::spawn_stopped({"true"});
  ASSERT_TRUE(child.resume());
  end_of(child);
  set.stop();
  const std::vector<PartReading> parts = set.read_parts();
  ASSERT_EQ(parts.size(), 1U);
  EXPECT_EQ(parts[0].part, "cpu 0");
  EXPECT_EQ(parts[0].reading.status, CountStatus::ok) << parts[0].reading.reason;
  EXPECT_GT(parts[0].reading.value, 0U);
}

// A plan as it stands where the kernel lets everything be counted.
class Willing : public Opener {
 public:
  int try_open(const perf_event_attr& attr) override {
    const auto at = errors.find(attr.config);
    return at == errors.end() ? 0 : at->second;
  }
  bool fits(std::span<const perf_event_attr>) override { return true; }
  std::map<std::uint64_t, int> errors;  // by config
};

CountingPlan plan_by(Willing& opener, const std::string& list) {
  return plan_passes(
      resolve_events(parse_events(list).value(), opener, Root("/nonexistent"), {2, true, false, ""}), false,
      opener);
}

TEST(CounterSet, OpensNothingOfWhatWasRefused) {
  Willing opener;
  opener.errors = {{PERF_COUNT_SW_CONTEXT_SWITCHES, EACCES}, {PERF_COUNT_SW_CPU_MIGRATIONS, EOPNOTSUPP}};
  const CountingPlan plan = plan_by(opener, "context-switches,cpu-migrations");
  EXPECT_EQ(plan.events[0].event.status, CountStatus::not_permitted);
  EXPECT_EQ(plan.events[1].event.status, CountStatus::not_supported);
  EXPECT_TRUE(open_on(plan, ::gettid(), CountFrom::start, Inherit::no).read().empty());
}

TEST(CounterSet, AReadingSaysWhyItsEventCouldNotBeOpened) {
  Willing opener;
  CountingPlan plan = plan_by(opener, "page-faults,r1");
  plan.events[1].attr.type = 0x7fff'ffff;  // no PMU has this type
  const CounterSet set = open_on(plan, ::gettid(), CountFrom::start, Inherit::no);
  const std::vector<Reading> readings = set.read();
  ASSERT_EQ(readings.size(), 2U);
  EXPECT_EQ(reading_of(readings, 1).status, CountStatus::not_counted);
  EXPECT_THAT(reading_of(readings, 1).reason, HasSubstr("it could not be opened: "));
  const CounterSet gone = open_on(plan, 1 << 22, CountFrom::start);
  EXPECT_THAT(reading_of(gone.read(), 0).reason,
              testing::AnyOf(HasSubstr("No such process"), HasSubstr("not")));
}

TEST(CounterSet, AReadingSaysWhichLimitToRaise) {
  Willing opener;
  const CountingPlan plan = plan_by(opener, "page-faults");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit none = before;
  none.rlim_cur = 0;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const std::vector<Reading> readings = open_on(plan, ::gettid(), CountFrom::start, Inherit::no).read();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  if (readings[0].reason.find("Too many") == std::string::npos)
    GTEST_SKIP() << "SKIPPED: perf_event_open: " << readings[0].reason;
  EXPECT_THAT(readings[0].reason, HasSubstr("ulimit -Hn"));
}

// Of some threads' counters no descriptor was left.
TEST(CounterSet, ASumThatLacksAThreadIsNone) {
  const CountingPlan plan = software_plan("page-faults");
  SKIP_WHERE_NOT_COUNTED(plan);
  const std::vector<CountPlace> places(8, CountPlace{::gettid(), -1, ""});
  const Descriptor next(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit few = before;
  few.rlim_cur = static_cast<rlim_t>(next.fd()) + 4;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  const CounterSet set = CounterSet::open(plan, 1, places, CountFrom::start, Inherit::no);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  set.start();
  test::touch_pages(10);
  const Reading sum = set.read()[0];
  EXPECT_EQ(sum.status, CountStatus::not_counted);
  EXPECT_THAT(sum.reason, HasSubstr("only 3 of 8 threads or CPUs were counted: it could not be opened"));
  EXPECT_THAT(sum.reason, HasSubstr("ulimit -Hn"));
}

TEST(CounterSet, AThreadThatHasEndedLacksNothing) {
  const CountingPlan plan = software_plan("page-faults");
  SKIP_WHERE_NOT_COUNTED(plan);
  const std::vector<CountPlace> places = {{::gettid(), -1, ""}, {1 << 22, -1, ""}};
  const CounterSet set = CounterSet::open(plan, 1, places, CountFrom::start, Inherit::no);
  set.start();
  test::touch_pages(10);
  EXPECT_EQ(set.read()[0].status, CountStatus::ok) << set.read()[0].reason;
}

}  // namespace
}  // namespace pw
