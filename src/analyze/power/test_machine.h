// SPDX-License-Identifier: GPL-3.0-or-later
// A machine whose power is known at every moment, and sensors of the kinds that people have, for tests: what
// they show becomes a Recording. Fixed seeds.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <string_view>
#include <utility>
#include <vector>

#include "model/recording.h"

namespace pw::test {

using Random = std::mt19937_64;

inline double uniform(Random& random, double least, double most) {
  return std::uniform_real_distribution<double>(least, most)(random);
}
inline double log_uniform(Random& random, double least, double most) {
  return std::exp(uniform(random, std::log(least), std::log(most)));
}
inline double normal(Random& random) { return std::normal_distribution<double>()(random); }

// Tests of `length` that follow each other after `pause`, between windows of `idle` seconds.
struct Plan {
  double idle = 20, length = 10, pause = 0, period = 1;  // s; the sensor's period
  int tests = 3;
  double idle_watts = 40, load_watts = 140;
  double begin(int test) const { return idle + test * (length + pause); }
  double end(int test) const { return begin(test) + length; }
  double rise() const { return load_watts - idle_watts; }
  double all() const { return end(tests - 1) + idle; }
  // Which test runs at t; -1: none.
  int at(double t) const {
    const double since = t - idle;
    if (since < 0) return -1;
    const int test = static_cast<int>(since / (length + pause));
    return test < tests && since - test * (length + pause) < length ? test : -1;
  }
};

// Power while a test runs, and what is added at any time.
using Power = std::function<double(double)>;

inline Power constant_load(Random&, const Plan& plan) {
  return [watts = plan.load_watts](double) { return watts; };
}

// Levels that change at once.
inline Power levels_load(Random& random, const Plan& plan) {
  return [&random, plan, next = 0.0, level = plan.load_watts](double t) mutable {
    if (t >= next) {
      level = plan.idle_watts + uniform(random, 0.3, 1.7) * plan.rise();
      next = t + uniform(random, 0.3, 1.5) * plan.length / 6;
    }
    return level;
  };
}

inline Power ramps_load(Random& random, const Plan& plan) {
  return [&random, plan, from = 0.0, to = 0.0, first = plan.load_watts,
          last = plan.load_watts](double t) mutable {
    while (t >= to) {
      from = std::exchange(to, std::max(to, t) + uniform(random, 0.3, 1.5) * plan.length / 6);
      first = std::exchange(last, plan.idle_watts + uniform(random, 0.3, 1.7) * plan.rise());
    }
    return first + (last - first) * (t - from) / (to - from);
  };
}

inline Power bursts_load(Random& random, const Plan& plan) {
  const double time = log_uniform(random, 0.2, 2) * plan.period;
  return [&random, plan, time, next = 0.0, on = false](double t) mutable {
    if (t >= next) {
      on = !on;
      next = t + std::exponential_distribution<double>(1 / time)(random);
    }
    return plan.idle_watts + (on ? 1.6 : 0.4) * plan.rise();
  };
}

// A square whose period is the sensor's, or a part or a multiple of it.
inline Power in_step_load(Random& random, const Plan& plan) {
  constexpr double kParts[] = {0.25, 0.5, 1, 1, 2};
  const double period = plan.period * kParts[random() % 5], duty = uniform(random, 0.2, 0.8);
  return [=, phase = uniform(random, 0, 1)](double t) {
    const double turn = t / period + phase;
    return plan.idle_watts + (turn - std::floor(turn) < duty ? 1.6 : 0.4) * plan.rise();
  };
}

inline Power quiet_noise(Random& random, const Plan&) {
  return [&random](double) { return 0.5 * normal(random); };
}

// Correlated over up to a tenth of an idle window.
inline Power correlated_noise(Random& random, const Plan& plan) {
  const double tau = log_uniform(random, 0.01, 0.1) * plan.idle, size = uniform(random, 0.5, 4);
  return [&random, tau, size, last = 0.0, level = size * normal(random)](double t) mutable {
    const double keep = std::exp(-(t - std::exchange(last, t)) / tau);
    level = keep * level + size * std::sqrt(1 - keep * keep) * normal(random);
    return level;
  };
}

// A fall to the idle level after the tests and after the start, and a little noise.
inline Power settling_noise(Random& random, const Plan& plan) {
  const double tau = log_uniform(random, 0.02, 0.12) * plan.idle;
  const double height = uniform(random, 0.05, 0.4) * plan.rise();
  return [&random, plan, tau, height](double t) {
    const double since = t < plan.idle ? t : t - plan.end(plan.tests - 1);
    const double fall = plan.at(t) < 0 && since > 0 ? height * std::exp(-since / tau) : 0;
    return fall + 0.5 * normal(random);
  };
}

// Energy since time 0, exact at multiples of `grid` seconds and linear between them.
class Truth {
 public:
  Truth(Plan plan, Power load, Power noise, double grid) : plan_(plan), grid_(grid), joules_{0} {
    const double after = plan.all() + 4 * plan.period + 1;
    joules_.reserve(static_cast<std::size_t>(after / grid) + 2);
    for (double t = 0; t < after; t += grid) {
      const double base = plan.at(t) >= 0 ? load(t) : plan.idle_watts;
      joules_.push_back(joules_.back() + std::max(1.0, base + noise(t)) * grid);
    }
  }
  const Plan& plan() const { return plan_; }
  double joules(double t) const {
    const double steps = std::clamp(t / grid_, 0.0, static_cast<double>(joules_.size() - 2));
    const auto i = static_cast<std::size_t>(steps);
    return joules_[i] + (steps - static_cast<double>(i)) * (joules_[i + 1] - joules_[i]);
  }
  double mean(double from, double to) const { return (joules(to) - joules(from)) / (to - from); }
  double watts(double t) const {
    const double first = std::floor(t / grid_) * grid_;
    return mean(first, first + grid_);
  }
  // What a sensor adds up that makes each power whole watts.
  Truth in_whole_watts() const {
    Truth rounded = *this;
    for (std::size_t i = 1; i < joules_.size(); ++i)
      rounded.joules_[i] = rounded.joules_[i - 1] + std::round((joules_[i] - joules_[i - 1]) / grid_) * grid_;
    return rounded;
  }

 private:
  Plan plan_;
  double grid_;
  std::vector<double> joules_;
};

// The recording of a plan, with one channel that has no samples yet.
inline Recording recording_of(const Plan& plan, ChannelKind kind) {
  const auto at = [](double t) { return to_nanoseconds({t}); };
  Recording recording;
  recording.experiment.tests = plan.tests;
  recording.sources.resize(1);
  recording.sources[0].rate_hz = 1 / plan.period;
  recording.channels.resize(1);
  recording.channels[0].kind = kind;
  recording.windows = {{true, at(0), at(plan.idle)}, {false, at(plan.end(plan.tests - 1)), at(plan.all())}};
  for (int test = 0; test < plan.tests; ++test) {
    Execution one;
    one.test = test + 1;
    one.begin = at(plan.begin(test));
    one.end = at(plan.end(test));
    recording.executions.push_back(one);
  }
  return recording;
}

inline double rounded(double value, double step) {
  return step > 0 ? std::round(value / step) * step : value;
}

// How a sensor of watts makes its values, and how they are read.
struct WattSensor {
  double averages = 0;  // s; 0: the power of a moment
  double renews = 0;    // s; 0: at every reading
  double latency = 0;   // s
  double step = 0;      // W
  double step_told = 0;
  double averages_told = 0;
  int readings = 1;    // in a period
  bool random = true;  // within the periods; else at equal distances
  double dead_band =
      0;  // W: shown is what it was until that differs by more; looked at every `renews`, which is not 0
};

inline Recording read_watts(Random& random, const Truth& truth, const WattSensor& sensor) {
  const Plan& plan = truth.plan();
  Recording recording = recording_of(plan, ChannelKind::instantaneous);
  recording.channels[0].step = sensor.step_told;
  recording.channels[0].averages = to_nanoseconds({sensor.averages_told});
  const double phase = uniform(random, 0, std::max(sensor.renews, 1e-9));
  const auto exact = [&](double t) {
    t = std::max(t, 0.0);
    return sensor.averages > 0 ? truth.mean(std::max(0.0, t - sensor.averages), std::max(t, 1e-6))
                               : truth.watts(t);
  };
  double looked = phase, held = rounded(exact(0), sensor.step);
  const auto shown = [&](double t) {
    t -= sensor.latency;
    if (sensor.renews > 0) t = std::floor((t - phase) / sensor.renews) * sensor.renews + phase;
    if (sensor.dead_band <= 0) return rounded(exact(t), sensor.step);
    for (; looked <= t + sensor.renews / 2; looked += sensor.renews)
      if (std::abs(exact(looked) - held) > sensor.dead_band) held = rounded(exact(looked), sensor.step);
    return held;
  };
  const double part = plan.period / sensor.readings, offset = uniform(random, 0, plan.period);
  for (double first = offset; first + plan.period < plan.all(); first += plan.period) {
    std::vector<double> values;
    double time = 0;
    for (int i = 0; i < sensor.readings; ++i) {
      time = first + (i + (sensor.random ? uniform(random, 0, 1) : 0.0)) * part;
      values.push_back(shown(time));
    }
    PowerSample sample;
    sample.readings = sensor.readings;
    double mean = 0, squares = 0;
    for (const double value : values) mean += value / sensor.readings;
    for (const double value : values) squares += (value - mean) * (value - mean);
    if (sensor.readings > 1) {
      time = first + plan.period / 2;
      sample.deviation = static_cast<float>(std::sqrt(squares / (sensor.readings - 1)));
      sample.least = static_cast<float>(*std::ranges::min_element(values));
      sample.most = static_cast<float>(*std::ranges::max_element(values));
    }
    sample.time = to_nanoseconds({time});
    sample.watts = Watts{mean};
    recording.samples.push_back(sample);
  }
  return recording;
}

// A counter of joules that is renewed every `renews` seconds, read at equal distances and right after each
// begin and end of a test.
struct JouleSensor {
  double renews = 0.001;
  double told = 0;  // s
  double step = 1e-6;
};

inline Recording read_joules(Random& random, const Truth& truth, const JouleSensor& sensor) {
  const Plan& plan = truth.plan();
  Recording recording = recording_of(plan, ChannelKind::accumulating);
  recording.channels[0].step = sensor.step;
  recording.channels[0].refresh = to_nanoseconds({sensor.told});
  const double phase = uniform(random, 0, sensor.renews);
  std::vector<double> times;
  for (double t = uniform(random, 0, plan.period); t < plan.all(); t += plan.period) times.push_back(t);
  for (int test = 0; test < plan.tests; ++test)
    for (const double edge : {plan.begin(test), plan.end(test)})
      times.push_back(edge + uniform(random, 0, 3e-4));
  std::ranges::sort(times);
  for (const double t : times) {
    const double renewed = std::floor((t - phase) / sensor.renews) * sensor.renews + phase;
    PowerSample sample;
    sample.time = to_nanoseconds({t});
    sample.joules = Joules{std::floor(truth.joules(std::max(renewed, 0.0)) / sensor.step) * sensor.step};
    recording.samples.push_back(sample);
  }
  return recording;
}

// An OCC: counters of whole watts that carry the time of their making, and can be read up to a renewal later.
inline Recording read_occ(Random& random, const Truth& exact) {
  constexpr double kRenews = 0.04;
  const Plan& plan = exact.plan();
  const Truth truth = exact.in_whole_watts();
  Recording recording = recording_of(plan, ChannelKind::accumulating);
  recording.sources[0].rate_hz = 1.04 / kRenews;
  recording.channels[0].refresh = to_nanoseconds({kRenews});
  recording.channels[0].clock_hz = 512e6;
  recording.channels[0].sample_error = {0.5};
  const double phase = uniform(random, 0, kRenews), hidden = uniform(random, 0, kRenews / 2);
  for (double t = 3 * kRenews; t < plan.all(); t += kRenews / 1.04) {
    const double made = std::floor((t - hidden - phase) / kRenews) * kRenews + phase;
    PowerSample sample;
    sample.time = to_nanoseconds({t});
    sample.joules = Joules{truth.joules(made)};
    sample.sensor_time = std::llround((made + 1e5) * 512e6);
    recording.samples.push_back(sample);
  }
  return recording;
}

}  // namespace pw::test
