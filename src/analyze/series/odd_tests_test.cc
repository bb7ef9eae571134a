// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/series/odd_tests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A test per value, in seconds, with task-clock equal to it and 10 cpu-migrations.
Recording tests_of(const std::vector<double>& seconds) {
  Recording recording;
  recording.events.resize(2);
  recording.events[0].name = "task-clock";
  recording.events[0].unit = "ns";
  recording.events[0].software = true;
  recording.events[1].name = "cpu-migrations";
  recording.events[1].software = true;
  recording.passes = {{{0, 1}, ""}};
  for (const double value : seconds) {
    Execution one;
    one.test = static_cast<int>(recording.executions.size()) + 1;
    one.end = to_nanoseconds({value});
    one.involuntary_switches = 12;
    one.before = one.after = {{"frequency_mean_mhz", "2400"}, {"throttled_core", "5"}};
    const auto clock = static_cast<std::uint64_t>(one.end.value);
    one.readings = {{0, clock, {9}, {9}, CountStatus::ok, ""}, {1, 10, {9}, {9}, CountStatus::ok, ""}};
    recording.executions.push_back(one);
  }
  return recording;
}

// Of all that was measured.
struct Effects {
  explicit Effects(const Recording& recording) : elapsed(elapsed_time(recording)) {
    for (std::size_t i = 0; i < recording.events.size(); ++i)
      counts.push_back(event_count(recording, static_cast<int>(i)));
    all = {&elapsed};
    for (const Measurand& count : counts)
      if (count.effect) all.push_back(&count);
  }
  Measurand elapsed;
  std::vector<Measurand> counts;
  std::vector<const Measurand*> all;
};
std::vector<std::string> odd_in(const Recording& recording) {
  return odd_tests(recording, Effects(recording).all);
}
std::vector<std::string> trends_in(const Recording& recording) { return trends(Effects(recording).all); }

const std::vector<double> kOneOdd = {1.0, 1.001, 0.999, 1.352, 1.0, 1.002, 0.998};

TEST(OddTests, NoneWhereNothingStandsApart) {
  EXPECT_THAT(odd_in(tests_of({1, 1.001, 0.999, 1.0005, 1, 1.002})), IsEmpty());
  EXPECT_THAT(odd_in(tests_of({1, 1, 1, 9})), IsEmpty());            // too few to tell
  EXPECT_THAT(odd_in(tests_of({1, 1, 1, 1, 1, 1.005})), IsEmpty());  // below 1 %
  EXPECT_THAT(odd_in(Recording()), IsEmpty());
}

TEST(OddTests, ACauseThatIsNotThereIsUnknown) {
  EXPECT_THAT(odd_in(tests_of(kOneOdd)),
              ElementsAre("test 4 stands apart: elapsed +35.2 %, task-clock +35.2 %; cause unknown"));
}

TEST(OddTests, NamesWhatElseStoodApart) {
  Recording recording = tests_of(kOneOdd);
  Execution& odd = recording.executions[3];
  odd.involuntary_switches = 1240;
  EXPECT_THAT(odd_in(recording)[0], HasSubstr("likely cause: 1,240 involuntary context switches against 12"));
  odd.readings[1].value = 80;
  odd.major_faults = 300;
  odd.after = {{"frequency_mean_mhz", "1600"}, {"throttled_core", "9"}};
  EXPECT_THAT(
      odd_in(recording)[0],
      HasSubstr("80 CPU migrations against 10, 300 major page faults against 0, 4 throttle events against "
                "0, 2,000 MHz against 2,400"));
}

TEST(OddTests, AFewSwitchesMoreAreNoCause) {
  Recording recording = tests_of(kOneOdd);
  recording.executions[3].involuntary_switches = 20;
  EXPECT_THAT(odd_in(recording)[0], HasSubstr("cause unknown"));
}

TEST(Trends, WarmingUpAndSlowingDown) {
  const std::vector<double> falling = {1.10, 1.08, 1.06, 1.04, 1.02, 1.00, 0.98};
  EXPECT_THAT(
      trends_in(tests_of(falling)),
      ElementsAre("warming up: elapsed falls by 1.9 % per test (Mann-Kendall, p = 0.0004); raise --warmup",
                  "a trend over the tests, per test: task-clock -1.9 %"));
  EXPECT_THAT(trends_in(tests_of({falling.rbegin(), falling.rend()}))[0],
              HasSubstr("elapsed rises by 1.9 %"));
  EXPECT_THAT(trends_in(tests_of({1, 1.0001, 1.0002, 1.0003, 1.0004, 1.0005, 1.0006})), IsEmpty());
  EXPECT_THAT(trends_in(tests_of({1, 1.1, 1, 1.1, 1, 1.1})), IsEmpty());
}

}  // namespace
}  // namespace pw
