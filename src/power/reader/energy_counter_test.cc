// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/reader/energy_counter.h"

#include <gtest/gtest.h>

#include <cmath>

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
  Steps counter({.scale = kMicrojoule, .range = kXeonRange, .around = Watts{1e4}});
  counter.take(kXeonRange - 1'000'000, at_s(0));
  EXPECT_EQ(counter.take(2'000'000, at_s(1)), CounterStep::ok);
  EXPECT_DOUBLE_EQ(counter.joules().value, 3);
  EXPECT_EQ(counter.take(1'500'000, at_s(2)), CounterStep::went_back);
  EXPECT_DOUBLE_EQ(counter.joules().value, 3);
  EXPECT_EQ(counter.take(2'500'000, at_s(3)), CounterStep::ok);
  EXPECT_DOUBLE_EQ(counter.joules().value, 4);
}

// Exactly half of the range back is a reset, one count more a wrap.
TEST(EnergyCounter, MoreThanHalfOfTheRangeBackIsAWrap) {
  for (const auto& [count, step] : {std::pair{500U, CounterStep::went_back}, {499U, CounterStep::ok}}) {
    Steps counter({.range = 1000});
    counter.take(1000, at_s(0));
    EXPECT_EQ(counter.take(count, at_s(1)), step) << count;
    EXPECT_DOUBLE_EQ(counter.joules().value, step == CounterStep::ok ? 499 : 0);
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

// 10 W take it around in 100 s.
TEST(EnergyCounter, ReadTooRarelyItMayHaveWrappedTwice) {
  Steps counter({.range = 1000, .around = Watts{10}});
  counter.take(0, at_s(0));
  EXPECT_EQ(counter.take(900, at_s(100)), CounterStep::ok);
  EXPECT_EQ(counter.take(950, at_s(200.5)), CounterStep::unread_too_long);
  EXPECT_EQ(counter.take(960, at_s(201)), CounterStep::ok);
  EXPECT_DOUBLE_EQ(counter.joules().value, 910);
}

// 100 W and the time and a second: 300 J in 2 s.
TEST(EnergyCounter, ARiseThatNothingCanDrawIsAJump) {
  EnergyCounter<double> counter({.most = Watts{100}});
  EXPECT_EQ(counter.take(1e9, at_s(50)), CounterStep::ok);
  EXPECT_EQ(counter.take(1e9 + 300, at_s(52)), CounterStep::ok);
  EXPECT_EQ(counter.take(1e9 + 600.5, at_s(54)), CounterStep::jumped);
  EXPECT_EQ(counter.take(1e9 + 610, at_s(55)), CounterStep::ok);
  EXPECT_DOUBLE_EQ(counter.joules().value, 309.5);
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
  Steps counter({.scale = kMicrojoule, .range = kRange, .around = Watts{1e4}});
  counter.take(0, at_s(0));
  double truth = 0;
  for (int i = 1; i <= 2000; ++i) {
    truth += 150 + 100 * std::sin(i / 50.0);
    ASSERT_EQ(counter.take(static_cast<std::uint64_t>(truth * 1e6) % kRange, at_s(i)), CounterStep::ok) << i;
  }
  EXPECT_NEAR(counter.joules().value, truth, 1e-4 * truth);
}

TEST(EnergyCounter, ResetsSayThatEnergyIsUnknown) {
  for (const CounterStep step : {CounterStep::went_back, CounterStep::jumped, CounterStep::unread_too_long})
    EXPECT_NE(to_text(step).find(": the energy meanwhile is unknown"), std::string::npos) << to_text(step);
}

}  // namespace
}  // namespace pw
