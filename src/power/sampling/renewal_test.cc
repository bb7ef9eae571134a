// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/renewal.h"

#include <gtest/gtest.h>

#include <cmath>

namespace pw {
namespace {

// Reads at 100 Hz for `seconds` a sensor that shows value(t) and renews it every `renews` seconds.
template <class Value>
std::optional<Nanoseconds> found(double seconds, double renews, Value value) {
  Renewal renewal;
  double before = 0;
  for (double t = 0; t < seconds; t += 0.01) {
    const double now = value(std::floor(t / renews + 1e-9));
    if (t > 0 && now != before) renewal.changed(to_nanoseconds({t}));
    before = now;
  }
  return renewal.found();
}

TEST(Renewal, FindsTheRhythmOfASensor) {
  const auto rhythm = found(40, 1.0, [](double n) { return 100 + n; });
  ASSERT_TRUE(rhythm);
  EXPECT_NEAR(to_seconds(*rhythm).value, 1.0, 0.02);
}

TEST(Renewal, SaysNothingOfValuesThatStayOrStepNowAndThen) {
  EXPECT_FALSE(found(40, 0.01, [](double) { return 100.0; }));
  EXPECT_FALSE(found(
      40, 0.01, [](double n) { return std::fmod(std::abs(std::sin(n)) * 43758.5453, 1) > 0.7 ? 1.0 : 0.0; }));
  EXPECT_FALSE(found(10, 1.0, [](double n) { return n; }));
}

}  // namespace
}  // namespace pw
