// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/reader/energy_counter.h"

#include <gmock/gmock.h>

#include <cmath>
#include <vector>

namespace pw {
namespace {

using Steps = EnergyCounter<std::uint64_t>;

constexpr Nanoseconds at_s(double seconds) { return to_nanoseconds({seconds}); }
constexpr double kMicrojoule = 1e-6;
constexpr std::uint64_t kXeonRange = 262'143'328'850;  // of a Xeon's counter: 262 kJ

TEST(EnergyCounter, BeginsAtZeroWhateverItStandsAt) {
  Steps counter({.scale = kMicrojoule});
  EXPECT_EQ(counter.take(999'000'000, at_s(5)), CounterStep::ok);
  EXPECT_EQ(counter.joules(), Joules{0});
  EXPECT_EQ(counter.take(1'000'500'000, at_s(6)), CounterStep::ok);
  EXPECT_DOUBLE_EQ(counter.joules().value, 1.5);
}

TEST(EnergyCounter, AWrapIsNoLossAndAStepBackIsAReset) {
  Steps counter({.scale = kMicrojoule, .range = kXeonRange});
  counter.take(kXeonRange - 1'000'000, at_s(0));
  EXPECT_EQ(counter.take(2'000'000, at_s(1)), CounterStep::ok);
  EXPECT_DOUBLE_EQ(counter.joules().value, 3);
  EXPECT_EQ(counter.take(1'500'000, at_s(2)), CounterStep::went_back);
  EXPECT_DOUBLE_EQ(counter.joules().value, 3);
  EXPECT_EQ(counter.take(2'500'000, at_s(3)), CounterStep::ok);
  EXPECT_DOUBLE_EQ(counter.joules().value, 4);
}

// 100 W limit, so 150 W and a quarter of a second more: in 1 s 187.5 J can be drawn around the range, and no
// more.
TEST(EnergyCounter, AWrapHasToBePossible) {
  for (const auto& [before_the_end, step] : {std::pair{187.0, CounterStep::ok},
                                             {188.0, CounterStep::went_back},
                                             {61'776.0, CounterStep::went_back}}) {
    Steps counter({.scale = kMicrojoule,
                   .range = 65'532'610'987,
                   .cap = PowerCap(Watts{100}, kLikelySensorWatts),
                   .refresh = {1'000'000}});
    counter.take(65'532'610'987 - static_cast<std::uint64_t>(before_the_end * 1e6), at_s(0));
    EXPECT_EQ(counter.take(0, at_s(1)), step) << before_the_end;
    EXPECT_DOUBLE_EQ(counter.joules().value, step == CounterStep::ok ? before_the_end : 0);
  }
}

TEST(EnergyCounter, WithoutARangeNothingWraps) {
  Steps counter({});
  counter.take(~std::uint64_t{0}, at_s(0));
  EXPECT_EQ(counter.take(0, at_s(1)), CounterStep::went_back);
  EXPECT_EQ(counter.joules(), Joules{0});
}

TEST(EnergyCounter, AValueBeyondItsRangeIsNoEnergy) {
  Steps counter({.range = 1000});
  counter.take(2000, at_s(0));
  EXPECT_EQ(counter.take(1, at_s(1)), CounterStep::went_back);
}

// 15 W take it around in 100 s.
TEST(EnergyCounter, ReadTooRarelyItMayHaveWrappedTwice) {
  Steps counter({.range = 1500, .cap = PowerCap(Watts{10}, {})});
  counter.take(0, at_s(0));
  EXPECT_EQ(counter.take(900, at_s(100)), CounterStep::ok);
  EXPECT_EQ(counter.take(950, at_s(200.5)), CounterStep::unread_too_long);
  EXPECT_THAT(
      to_text(counter.finding()),
      testing::HasSubstr("read it every 80 s or more often (--rate 0.0125; perfwatt power -I 80000)"));
  EXPECT_EQ(counter.take(960, at_s(201)), CounterStep::ok);
  EXPECT_DOUBLE_EQ(counter.joules().value, 910);
}

constexpr Nanoseconds kMillisecond{1'000'000};

// 150 W for 2.25 s are 337.5 J.
TEST(EnergyCounter, ARiseThatNothingCanDrawIsAJump) {
  EnergyCounter<double> counter({.cap = PowerCap(Watts{100}, {}), .refresh = kMillisecond});
  EXPECT_EQ(counter.take(1e9, at_s(50)), CounterStep::ok);
  EXPECT_EQ(counter.take(1e9 + 337, at_s(52)), CounterStep::ok);
  EXPECT_EQ(counter.take(1e9 + 675, at_s(54)), CounterStep::jumped);
  EXPECT_EQ(
      to_text(counter.finding()),
      "its counter jumped by 338 J in 2 s, and 150 W is the most that it can draw: the energy meanwhile "
      "is unknown");
  EXPECT_EQ(counter.take(1e9 + 685, at_s(55)), CounterStep::ok);
  EXPECT_DOUBLE_EQ(counter.joules().value, 347);
}

// Nothing is known of the part: 1 kW, and 3 times what it was seen to draw over a second.
TEST(EnergyCounter, WithoutALimitTheLargestPowerSeenBounds) {
  EnergyCounter<double> counter({.refresh = kMillisecond});
  counter.take(0, at_s(0));
  EXPECT_EQ(counter.take(1300, at_s(1)), CounterStep::jumped);
  counter.take(0, at_s(2));
  double joules = 0;
  for (int i = 3; i < 6; ++i) EXPECT_EQ(counter.take(joules += 900, at_s(i)), CounterStep::ok);
  EXPECT_EQ(counter.take(joules += 3300, at_s(6)), CounterStep::ok);  // 2.7 kW for 1.25 s
  EXPECT_EQ(counter.take(joules += 9'000, at_s(6.1)), CounterStep::jumped);
}

// What is renewed once a minute rises by a minute's energy at once; the first value may be that old already.
TEST(EnergyCounter, ASlowRenewalIsNoJump) {
  EnergyCounter<double> counter({});
  double joules = 500;
  for (int tenth = 0; tenth < 3000; ++tenth) {
    if (tenth % 600 == 1) joules += 60 * 800;
    ASSERT_EQ(counter.take(joules, at_s(0.1 * tenth)), CounterStep::ok) << tenth;
  }
  EXPECT_DOUBLE_EQ(counter.joules().value, 5 * 60 * 800);
}

// A part that draws more than it says costs two gaps.
TEST(EnergyCounter, WhatIsDrawnAgainAndAgainIsBelieved) {
  EnergyCounter<double> counter({.cap = PowerCap(Watts{50}, {}), .refresh = kMillisecond});
  std::vector<CounterStep> steps;
  for (int i = 0; i < 6; ++i) steps.push_back(counter.take(200.0 * i, at_s(i)));
  using enum CounterStep;
  EXPECT_THAT(steps, testing::ElementsAre(ok, jumped, jumped, ok, ok, ok));
}

// 2^-32 J, as the kernel has it: the difference of two counts that no double tells apart.
TEST(EnergyCounter, CountsBeyondTwoToThe53AreExact) {
  Steps counter({.scale = std::ldexp(1, -32)});
  const std::uint64_t large = std::uint64_t{1} << 62;
  counter.take(large, at_s(0));
  counter.take(large + 1, at_s(1));
  EXPECT_EQ(counter.joules().value, std::ldexp(1, -32));
}

TEST(EnergyCounter, EnergyIsTheIntegralAcrossManyWraps) {
  constexpr std::uint64_t kRange = 20'000'000'000;
  Steps counter({.scale = kMicrojoule, .range = kRange});
  counter.take(0, at_s(0));
  double truth = 0;
  for (int i = 1; i <= 2000; ++i) {
    truth += 150 + 100 * std::sin(i / 50.0);
    ASSERT_EQ(counter.take(static_cast<std::uint64_t>(truth * 1e6) % kRange, at_s(i)), CounterStep::ok) << i;
  }
  EXPECT_NEAR(counter.joules().value, truth, 1e-4 * truth);
}

TEST(EnergyCounter, ResetsSayThatEnergyIsUnknown) {
  for (const CounterStep step : {CounterStep::went_back, CounterStep::jumped, CounterStep::unread_too_long}) {
    const std::string text = to_text({step, {5}, {1}, {2}, {3}});
    EXPECT_THAT(text, testing::EndsWith(": the energy meanwhile is unknown"));
  }
}

}  // namespace
}  // namespace pw
