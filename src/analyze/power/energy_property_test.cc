// SPDX-License-Identifier: GPL-3.0-or-later
// Random loads of a machine, random sensors, and energies whose truth is known: how often it lies within the
// stated uncertainty, and how wide that is. Fixed seeds.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <random>
#include <vector>

#include "analyze/power/integral.h"
#include "analyze/power/test_curves.h"

namespace pw {
namespace {

using Random = std::mt19937_64;
constexpr double kGrid = 0.002;  // s

double uniform(Random& random, double least, double most) {
  return std::uniform_real_distribution<double>(least, most)(random);
}

double log_uniform(Random& random, double least, double most) {
  return std::exp(uniform(random, std::log(least), std::log(most)));
}

// A machine's true energy since time 0.
class Truth {
 public:
  Truth(const std::function<double(double)>& watts, double seconds) : joules_{0} {
    for (double t = 0; t < seconds; t += kGrid) joules_.push_back(joules_.back() + watts(t) * kGrid);
  }
  double joules(double t) const {
    const double steps = std::clamp(t / kGrid, 0.0, static_cast<double>(joules_.size() - 2));
    const auto i = static_cast<std::size_t>(steps);
    return joules_[i] + (steps - static_cast<double>(i)) * (joules_[i + 1] - joules_[i]);
  }
  // What a sensor adds up that makes each power whole watts.
  Truth in_whole_watts(double (*whole)(double)) const {
    Truth rounded = *this;
    for (std::size_t i = 1; i < joules_.size(); ++i)
      rounded.joules_[i] = rounded.joules_[i - 1] + whole((joules_[i] - joules_[i - 1]) / kGrid) * kGrid;
    return rounded;
  }
  double mean(double from, double to) const { return (joules(to) - joules(from)) / (to - from); }

 private:
  std::vector<double> joules_;
};

// A test between `begin` and `end`, of a machine that idles before and after.
struct Experiment {
  double begin, end, idle, load;
  bool during(double t) const { return t > begin && t < end; }
};

using Load = std::function<double(double)>;

Load ramps(Random& random, const Experiment& test) {
  auto from = std::make_shared<std::pair<double, double>>(0, test.idle);
  auto to = std::make_shared<std::pair<double, double>>(0, test.idle);
  return [=, &random](double t) {
    while (to->first <= t) {
      *from = *to;
      *to = {from->first + uniform(random, 0.3, 2.3), uniform(random, test.idle, test.load)};
    }
    return from->second + (to->second - from->second) * (t - from->first) / (to->first - from->first);
  };
}

// Levels that change at once, at times that have an exponential distribution or a uniform one.
Load levels(Random& random, const Experiment& test) {
  auto next = std::make_shared<double>(0);
  auto level = std::make_shared<double>(test.idle);
  return [=, &random](double t) {
    if (t >= *next) {
      *level = uniform(random, test.idle, test.load);
      *next = t + uniform(random, 1, 4);
    }
    return *level;
  };
}

Load pulse(Random&, const Experiment& test) {
  return [=](double t) { return test.during(t) ? test.load : test.idle; };
}

Load bursts(Random& random, const Experiment& test) {
  const double tau = log_uniform(random, 0.02, 3);
  auto next = std::make_shared<double>(0);
  auto on = std::make_shared<bool>(false);
  return [=, &random](double t) {
    if (t >= *next) {
      *on = !*on;
      *next = t + std::exponential_distribution<double>(1 / tau)(random);
    }
    return !test.during(t) ? test.idle : *on ? test.load : test.idle + 0.3 * (test.load - test.idle);
  };
}

// Noise with a memory, on top of a pulse.
Load noise(Random& random, const Experiment& test) {
  const double keep = std::exp(-kGrid / log_uniform(random, 0.02, 5)), size = uniform(random, 3, 40);
  auto level = std::make_shared<double>(size * std::normal_distribution<double>()(random));
  return [=, &random](double t) {
    *level = keep * *level + size * std::sqrt(1 - keep * keep) * std::normal_distribution<double>()(random);
    return std::max(10.0, (test.during(t) ? test.load : test.idle) + *level);
  };
}

constexpr Load (*kLoads[])(Random&, const Experiment&) = {ramps, levels, pulse, bursts, noise};

// A sensor that averages over part of its period, is behind by up to half of one, and shows whole watts.
Curve sampled(Random& random, const Truth& truth, double seconds, double period) {
  const double window = uniform(random, 0.01, 1) * period, delay = uniform(random, 0, 0.5) * period;
  Curve curve{{}, {period}, 1, {period}, {}};
  for (double t = uniform(random, 0, period) + window + delay; t < seconds; t += period)
    curve.points.push_back(
        {{t + uniform(random, 0, 0.002)}, std::round(truth.mean(t - delay - window, t - delay)), {0.002}});
  return curve;
}

// A counter of joules that is renewed every `refresh`, read every `period`.
Curve counted(Random& random, const Truth& truth, double seconds, double period, double refresh) {
  const double phase = uniform(random, 0, refresh), step = 0.001;
  Curve curve{{}, {std::max(period, refresh)}, step, {refresh}, {}};
  for (double t = uniform(random, 0, period) + refresh; t < seconds; t += period) {
    const double renewed = std::floor((t - phase) / refresh) * refresh + phase;
    curve.points.push_back({{t}, std::floor(truth.joules(renewed) / step) * step, {}});
  }
  return curve;
}

struct Outcome {
  int curves = 0, inside = 0;
  double squares = 0;  // of the errors, J²
  double worst = 0;    // relative error
  std::vector<double> widths;

  void add(const Integrated& result, double truth) {
    ASSERT_TRUE(result) << result.error();
    const double error = std::abs(result->energy.value - truth);
    ++curves;
    inside += error <= result->uncertainty.value;
    squares += error * error;
    worst = std::max(worst, error / truth);
    widths.push_back(result->uncertainty.value);
  }
  double covered() const { return static_cast<double>(inside) / curves; }
  double width() const {  // the median half-width, in RMS errors
    std::vector<double> sorted = widths;
    std::sort(sorted.begin(), sorted.end());
    return sorted[sorted.size() / 2] / std::sqrt(squares / curves);
  }
};

constexpr int kCurves = 1000;

// `periods`: the least and the most of them in a test.
template <class Measure>
Outcome outcome_of(std::size_t load, std::pair<double, double> periods, std::pair<double, double> period,
                   const Measure& measure) {
  Random random(20261123 + load);
  Outcome outcome;
  for (int i = 0; i < kCurves / static_cast<int>(std::size(kLoads)); ++i) {
    const double one = log_uniform(random, period.first, period.second);
    Experiment test{3 * one + uniform(random, 2, 4), 0, uniform(random, 80, 250), 0};
    test.end = test.begin + one * log_uniform(random, periods.first, periods.second);
    test.load = test.idle + uniform(random, 20, 300);
    const double seconds = test.end + 3 * one + 3;
    const Truth truth(kLoads[load](random, test), seconds);
    outcome.add(measure(random, truth, test, seconds, one),
                truth.joules(test.end) - truth.joules(test.begin));
  }
  return outcome;
}

void join(Outcome& all, const Outcome& one) {
  all.curves += one.curves;
  all.inside += one.inside;
  all.squares += one.squares;
  all.worst = std::max(all.worst, one.worst);
  all.widths.insert(all.widths.end(), one.widths.begin(), one.widths.end());
}

TEST(EnergyProperty, ASampledSensorsTruthIsInsideAndTheIntervalIsNotWide) {
  const auto measure = [](Random& random, const Truth& truth, const Experiment& test, double seconds,
                          double period) {
    return integrate(sampled(random, truth, seconds, period), {test.begin}, {test.end});
  };
  Outcome all;
  for (std::size_t load = 0; load < std::size(kLoads); ++load) {
    const Outcome outcome = outcome_of(load, {5, 100}, {0.1, 1}, measure);
    EXPECT_GE(outcome.covered(), 0.94) << "load " << load;
    join(all, outcome);
  }
  RecordProperty("covered", std::to_string(all.covered()));
  RecordProperty("width", std::to_string(all.width()));
  EXPECT_EQ(all.curves, kCurves);
  EXPECT_GE(all.covered(), 0.95);
  EXPECT_LE(all.width(), 3);
}

TEST(EnergyProperty, ACountersTruthIsInsideAndTheIntervalIsNotWide) {
  const auto measure = [](Random& random, const Truth& truth, const Experiment& test, double seconds,
                          double period) {
    const double refresh = period * uniform(random, 0.05, 1);
    return difference(counted(random, truth, seconds, period, refresh), {test.begin}, {test.end});
  };
  Outcome all;
  for (std::size_t load = 0; load < std::size(kLoads); ++load) {
    const Outcome outcome = outcome_of(load, {2, 60}, {0.04, 1}, measure);
    EXPECT_GE(outcome.covered(), 0.94) << "load " << load;
    join(all, outcome);
  }
  RecordProperty("covered", std::to_string(all.covered()));
  RecordProperty("width", std::to_string(all.width()));
  EXPECT_GE(all.covered(), 0.95);
  EXPECT_LE(all.width(), 3);
}

TEST(EnergyProperty, ACounterIsRightWithinHalfAPercentOver100Refreshes) {
  const auto measure = [](Random& random, const Truth& truth, const Experiment& test, double seconds,
                          double period) {
    return difference(counted(random, truth, seconds, period, period), {test.begin}, {test.end});
  };
  for (std::size_t load = 0; load < std::size(kLoads); ++load)
    EXPECT_LE(outcome_of(load, {100, 200}, {0.04, 0.2}, measure).worst, 0.005) << "load " << load;
}

// An OCC: its counters carry the time of their making, and can be read `hidden` later.
Recording stamped(Random& random, const Truth& truth, double seconds, double refresh, double hidden) {
  Recording recording;
  recording.sources.resize(1);
  recording.sources[0].rate_hz = 1.04 / refresh;
  recording.channels.resize(1);
  recording.channels[0].kind = ChannelKind::accumulating;
  recording.channels[0].refresh = to_nanoseconds({refresh});
  recording.channels[0].clock_hz = 512e6;
  const double phase = uniform(random, 0, refresh);
  for (double t = 3 * refresh; t < seconds; t += refresh / 1.04) {
    const double made = std::floor((t - hidden - phase) / refresh) * refresh + phase;
    PowerSample sample;
    sample.time = to_nanoseconds({t});
    sample.joules = Joules{truth.joules(made)};
    sample.sensor_time = std::llround((made + 1e5) * 512e6);
    recording.samples.push_back(sample);
  }
  return recording;
}

TEST(EnergyProperty, AStampedCounterIsRightWithinHalfAPercentOver100Refreshes) {
  const auto measure = [](Random& random, const Truth& truth, const Experiment& test, double seconds,
                          double period) {
    return difference(test::curve_of(stamped(random, truth, seconds, period, 0), 0), {test.begin},
                      {test.end});
  };
  for (std::size_t load = 0; load < std::size(kLoads); ++load) {
    const Outcome outcome = outcome_of(load, {100, 200}, {0.04, 0.04}, measure);
    EXPECT_LE(outcome.worst, 0.005) << "load " << load;
    EXPECT_GE(outcome.covered(), 0.95) << "load " << load;
  }
}

TEST(EnergyProperty, AStampedCountersTruthIsInsideHoweverLongItsValuesWait) {
  const auto measure = [](Random& random, const Truth& truth, const Experiment& test, double seconds,
                          double period) {
    const double hidden = uniform(random, 0, period);
    return difference(test::curve_of(stamped(random, truth, seconds, period, hidden), 0), {test.begin},
                      {test.end});
  };
  Outcome all;
  for (std::size_t load = 0; load < std::size(kLoads); ++load) {
    const Outcome outcome = outcome_of(load, {5, 200}, {0.04, 0.04}, measure);
    EXPECT_GE(outcome.covered(), 0.94) << "load " << load;
    join(all, outcome);
  }
  RecordProperty("covered", std::to_string(all.covered()));
  RecordProperty("width", std::to_string(all.width()));
  EXPECT_GE(all.covered(), 0.95);
  EXPECT_LE(all.width(), 3);
}

// A few watts, steady but for a step, of which an OCC adds up whole ones: what each is wrong by does not
// average out.
Outcome outcome_in_whole_watts(double (*whole)(double), Watts error) {
  Random random(20261127);
  Outcome outcome;
  for (int i = 0; i < kCurves; ++i) {
    const Experiment test{4, 4 + uniform(random, 1, 20), uniform(random, 8, 20), uniform(random, 20, 60)};
    const Truth truth(pulse(random, test), test.end + 3);
    Recording recording = stamped(random, truth.in_whole_watts(whole), test.end + 3, 0.04, 0);
    recording.channels[0].sample_error = error;
    outcome.add(difference(test::curve_of(recording, 0), {test.begin}, {test.end}),
                truth.joules(test.end) - truth.joules(test.begin));
  }
  return outcome;
}

TEST(EnergyProperty, WhatASensorRoundsBeforeItAddsUpIsInTheUncertainty) {
  const Outcome outcome = outcome_in_whole_watts([](double watts) { return std::round(watts); }, Watts{0.5});
  EXPECT_GE(outcome.covered(), 0.95);
  EXPECT_LE(outcome.width(), 3);
}

TEST(EnergyProperty, WhatASensorCutsOffBeforeItAddsUpIsInTheUncertainty) {
  const Outcome outcome = outcome_in_whole_watts([](double watts) { return std::floor(watts); }, Watts{1});
  EXPECT_GE(outcome.covered(), 0.95);
  EXPECT_LE(outcome.width(), 3);
}

}  // namespace
}  // namespace pw
