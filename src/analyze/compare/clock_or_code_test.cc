// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/clock_or_code.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "analyze/compare/comparison.h"
#include "analyze/compare/test_samples.h"
#include "analyze/test_study.h"

namespace pw {
namespace {

using test::normal;
using test::Random;
using testing::HasSubstr;

struct Clocked {
  double cycles = 1e9, hertz = 3e9, cpus = 2;
};

ClockSide side_of(Random& random, const Clocked& machine, int recordings = 1, double noise = 0.005,
                  int count = 11) {
  ClockSide side;
  for (int i = 0; i < recordings; ++i) {
    for (auto* tests : {&side.elapsed, &side.cycles, &side.cpu_seconds}) tests->emplace_back();
    for (int test = 0; test < count; ++test) {
      const auto near = [&](double value) { return value * std::exp(noise * normal(random)); };
      const double cycles = near(machine.cycles), seconds = cycles / near(machine.hertz);
      side.cycles.back().push_back(cycles);
      side.cpu_seconds.back().push_back(seconds);
      side.elapsed.back().push_back(seconds / near(machine.cpus));
    }
  }
  return side;
}

// ln elapsed = ln cycles - ln frequency - ln CPUs.
TEST(ClockOrCode, ThePartsMakeUpTheWhole) {
  Random random(1);
  const ClockSide before = side_of(random, {}), after = side_of(random, {1.1e9, 2.8e9, 1.9});
  const ClockOrCode split = split_clock(before, after, {Basis::one_session, true});
  ASSERT_EQ(split.parts.size(), 4U);
  EXPECT_EQ(split.parts[0].name, "elapsed");
  EXPECT_NEAR(split.parts[0].ratio, split.parts[1].ratio / (split.parts[2].ratio * split.parts[3].ratio),
              0.01);
  EXPECT_NEAR(split.parts[1].ratio, 1.1, 0.01);
  EXPECT_NEAR(split.parts[2].ratio, 2.8 / 3, 0.01);
  EXPECT_NEAR(split.parts[3].ratio, 0.95, 0.01);
  EXPECT_NEAR(split.parts[2].before, 3e9, 3e7);
}

TEST(ClockOrCode, TheMachineIsNamedOnEvidenceAlone) {
  Random random(2);
  const ClockSide before = side_of(random, {});
  const ClockOrCode slower_clock =
      split_clock(before, side_of(random, {1e9, 2.7e9, 2}), {Basis::one_session, true});
  EXPECT_THAT(slower_clock.conclusion, HasSubstr("cycles: the machine"));
  ASSERT_EQ(slower_clock.machine.size(), 1U);
  EXPECT_THAT(slower_clock.machine.front(), HasSubstr("-> 2.7"));
  const ClockOrCode more_cycles =
      split_clock(before, side_of(random, {1.1e9, 3e9, 2}), {Basis::one_session, true});
  EXPECT_TRUE(more_cycles.machine.empty());
  EXPECT_THAT(more_cycles.conclusion, HasSubstr("more cycles were needed: the code"));
  EXPECT_THAT(more_cycles.conclusion, testing::Not(HasSubstr("machine")));
  const ClockOrCode waiting =
      split_clock(before, side_of(random, {1e9, 3e9, 1.5}), {Basis::one_session, true});
  EXPECT_TRUE(waiting.machine.empty());
  EXPECT_THAT(waiting.conclusion,
              HasSubstr("fewer CPUs were used: waiting, or less in parallel, which may be the code"));
}

TEST(ClockOrCode, NothingIsConcludedWhereTimesAreNotToldApart) {
  Random random(3);
  EXPECT_EQ(split_clock(side_of(random, {}), side_of(random, {}), {Basis::one_session, false}).conclusion,
            "");
}

// Of equal machines 5 % of the three together at most are told apart.
TEST(ClockOrCodeCoverage, SeldomTellsEqualPartsApart) {
  Random random(4);
  int told = 0;
  for (int i = 0; i < 1000; ++i) {
    const ClockOrCode split =
        split_clock(side_of(random, {}), side_of(random, {}), {Basis::one_session, true});
    told += split.parts[1].told || split.parts[2].told || split.parts[3].told;
  }
  EXPECT_LE(told, 65);
}

TEST(ClockOrCode, SessionsAndPairs) {
  Random random(5);
  const ClockOrCode sessions =
      split_clock(side_of(random, {}, 3), side_of(random, {1e9, 2.7e9, 2}, 3), {Basis::sessions, true});
  EXPECT_TRUE(sessions.parts[2].told);
  const ClockSide before = side_of(random, {});
  ClockSide after = before;
  for (double& cycles : after.cycles.front()) cycles *= 1.02;
  for (double& time : after.elapsed.front()) time *= 1.02;
  for (double& time : after.cpu_seconds.front()) time *= 1.02;
  const ClockOrCode pairs = split_clock(before, after, {Basis::interleaved, true});
  EXPECT_TRUE(pairs.parts[1].told);
  EXPECT_FALSE(pairs.parts[2].told);
  EXPECT_NEAR(pairs.parts[1].ci95->low, 1.02, 1e-9);
}

ClockSide first_tests(ClockSide side, std::size_t tests) {
  for (auto* values : {&side.elapsed, &side.cycles, &side.cpu_seconds}) values->front().resize(tests);
  return side;
}

constexpr const char* kRule = "--until-decided elapsed 2%";

TEST(ClockOrCode, OfPairsThatARuleEndedTakesEvidenceAtAnyTime) {
  Random random(6);
  const ClockSide before = side_of(random, {}), after = side_of(random, {1.1e9, 3e9, 2});
  const ClockTerms terms{Basis::interleaved, true, kRule, true};
  const ClockOrCode split = split_clock(before, after, terms);
  EXPECT_THAT(split.conclusion, HasSubstr("more cycles were needed"));
  const ClockOrCode fixed = split_clock(before, after, {Basis::interleaved, true});
  ASSERT_TRUE(split.parts[1].ci95 && fixed.parts[1].ci95);
  EXPECT_GT(split.parts[1].ci95->high - split.parts[1].ci95->low,
            fixed.parts[1].ci95->high - fixed.parts[1].ci95->low);
  EXPECT_THAT(split_clock(first_tests(before, 4), first_tests(after, 4), terms).why,
              HasSubstr("fewer than 5 pairs of tests"));
}

TEST(ClockOrCode, OfOthersThatARuleEndedCannotBeTold) {
  Random random(7);
  const ClockSide before = side_of(random, {}), after = side_of(random, {1.1e9, 2.7e9, 2});
  const ClockOrCode split = split_clock(before, after, {Basis::one_session, true, kRule});
  EXPECT_EQ(split.conclusion,
            "which of the three it is cannot be told: --until-decided elapsed 2% has ended the tests");
  for (const ClockPart& part : split.parts) EXPECT_FALSE(part.told) << part.name;
  EXPECT_TRUE(split.machine.empty());
  EXPECT_NEAR(split.parts[1].ratio, 1.1, 0.01);
}

// Looked at after each pair from the fifth to the fortieth.
TEST(ClockOrCodeCoverage, SeldomTellsEqualPartsApartHoweverOftenItIsLookedAt) {
  Random random(8);
  int told = 0;
  for (int i = 0; i < 500; ++i) {
    const ClockSide before = side_of(random, {}, 1, 0.005, 40), after = side_of(random, {}, 1, 0.005, 40);
    for (std::size_t tests = 5; tests <= 40; ++tests) {
      const ClockOrCode split = split_clock(first_tests(before, tests), first_tests(after, tests),
                                            {Basis::interleaved, true, kRule, true});
      if (!split.parts[1].told && !split.parts[2].told && !split.parts[3].told) continue;
      ++told;
      break;
    }
  }
  EXPECT_LE(told, 32);
}

TEST(ClockOrCode, TooFewTests) {
  const ClockSide one{{{1.0}}, {{3e9}}, {{1.0}}};
  EXPECT_THAT(split_clock(one, one, {Basis::one_session, true}).why, HasSubstr("fewer than two"));
  const ClockSide zeros{{{0.0, 0.0}}, {{0.0, 0.0}}, {{0.0, 0.0}}};
  EXPECT_FALSE(split_clock(zeros, zeros, {Basis::one_session, true}).why.empty());
}

ClockOrCode of_recordings(const Recording& before, const Recording& after) {
  const Analysis one = analyze(before), other = analyze(after);
  const Explanation first{&before, &one}, second{&after, &other};
  return clock_or_code({&first, 1}, {&second, 1}, {Basis::one_session, true});
}

TEST(ClockOrCode, OfRecordings) {
  const Recording study = test::study_recording();
  EXPECT_EQ(of_recordings(study, study).parts.size(), 4U);
  EXPECT_THAT(of_recordings(study, test::small_recording()).why,
              HasSubstr("cycles were not counted (not-supported: no PMU)"));
  Recording user_only = study;
  user_only.events[0].scope = Scope::user;
  EXPECT_THAT(of_recordings(study, user_only).why, HasSubstr("user mode only"));
  Recording without = study;
  without.events[0].name = "other";
  EXPECT_THAT(of_recordings(without, study).why, HasSubstr("cycles were not asked for"));
  Recording later = study;
  later.experiment.delay = Seconds{1};
  EXPECT_THAT(of_recordings(study, later).why, HasSubstr("--delay"));
}

TEST(ClockOrCode, OfAComparisonKnowsWhatEndedTheTests) {
  const Recording study = test::study_recording();
  Recording slower = study;
  for (Execution& one : slower.executions) one.end += (one.end - one.begin) / 5;
  const Analysis before = analyze(study);
  const auto conclusion = [&] {
    const Analysis after = analyze(slower);
    return compare(std::vector<Explanation>{{&study, &before}}, std::vector<Explanation>{{&slower, &after}},
                   {})
        .clock.conclusion;
  };
  EXPECT_THAT(conclusion(), HasSubstr("fewer CPUs were used"));
  slower.experiment.procedure.push_back({"stop-when", "elapsed:1%"});
  EXPECT_THAT(conclusion(), HasSubstr("cannot be told: --stop-when elapsed:1% has ended the tests"));
}

TEST(ClockOrCode, StealAndThrottlingAreEvidence) {
  Recording study = test::study_recording(), stolen = study;
  for (Execution& one : study.executions) {
    one.before = {{"steal_ticks", "0"}, {"throttled_core", "0"}};
    one.after = {{"steal_ticks", "1"}, {"throttled_core", "0"}};
  }
  for (Execution& one : stolen.executions) {
    one.before = {{"steal_ticks", "0"}, {"throttled_core", "0"}};
    one.after = {{"steal_ticks", "300"}, {"throttled_core", "2"}};
  }
  const ClockOrCode split = of_recordings(study, stolen);
  ASSERT_EQ(split.machine.size(), 2U);
  EXPECT_THAT(split.machine[0], HasSubstr("steal 0.08"));
  EXPECT_THAT(split.machine[1], HasSubstr("throttled in 0 of 33 executions -> 33 of 33"));
  EXPECT_TRUE(of_recordings(study, study).machine.empty());
}

}  // namespace
}  // namespace pw
