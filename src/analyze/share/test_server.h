// SPDX-License-Identifier: GPL-3.0-or-later
// A server whose power is known at every moment, with a partition of ours and neighbours of all kinds, and
// what its console tells of it. Fixed seeds.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "analyze/power/test_machine.h"
#include "model/recording.h"

namespace pw::test {

inline constexpr double kGrid = 0.25, kBin = 30;  // s

// Levels that change at random moments.
class RandomLevels {
 public:
  RandomLevels(Random& random, double dwell, double least, double most)
      : random_(random), dwell_(dwell), least_(least), most_(most) {}
  double at(double t) {
    while (t >= next_) {
      level_ = uniform(random_, least_, most_);
      next_ += -dwell_ * std::log(uniform(random_, 1e-6, 1));
    }
    return level_;
  }

 private:
  Random& random_;
  double dwell_, least_, most_, level_ = 0, next_ = 0;
};

struct ServerPlan {
  double history = 3600, run = 600, after = 120;  // s
  int tests = 10;
  double pause = 0;             // s, between tests
  double ours = 8, rest = 0.1;  // units
  double price = 20;            // W per unit
  double idle = 800;            // W
  int neighbours = 3;
  double neighbour_units = 4;  // at most, of each
  double unlike = 0.15;        // how far their prices may be from ours
  double dwell = 120;          // s: how long they keep a level
};

inline ServerPlan random_plan(Random& random) {
  ServerPlan plan;
  plan.history = uniform(random, 600, 7000);
  plan.tests = static_cast<int>(uniform(random, 1, 30));
  plan.pause = uniform(random, 0, 1) < 0.5 ? 0 : uniform(random, 0.5, 5);
  plan.ours = uniform(random, 2, 16);
  plan.rest = uniform(random, 0.01, 0.3);
  plan.price = uniform(random, 10, 40);
  plan.idle = uniform(random, 300, 1500);
  plan.neighbours = static_cast<int>(uniform(random, 0, 6));
  plan.neighbour_units = log_uniform(random, 0.5, 8);
  plan.dwell = log_uniform(random, 15, 1200);
  return plan;
}

struct ServerTruth {
  Recording recording;
  std::vector<double> gross, net, units;  // of each test: J, J, unit-seconds
  double server = 0;                      // J over the tests
};

struct Moment {
  double watts, ours, neighbours;
};

inline Nanoseconds at_second(double t) { return to_nanoseconds({t}); }

inline void add_bin(Recording& recording, double begin, const std::vector<Moment>& moments) {
  ServerBin bin;
  bin.begin = at_second(begin);
  bin.end = at_second(begin + kBin);
  double watts = 0, ours = 0, all = 0;
  for (const Moment& one : moments) watts += one.watts, ours += one.ours, all += one.ours + one.neighbours;
  const double count = static_cast<double>(moments.size());
  bin.watts = Watts{std::round(watts / count)};
  bin.ours = ours / count;
  bin.partitions = all / count;
  recording.server_bins.push_back(bin);
}

inline ServerTruth server_truth(Random& random, const ServerPlan& plan) {
  ServerTruth truth;
  Recording& recording = truth.recording;
  recording.sources.emplace_back().name = "hmc";
  const double length = plan.run / plan.tests - plan.pause;
  const auto begin = [&](int test) { return test * (length + plan.pause); };
  for (int test = 0; test < plan.tests; ++test) {
    Execution one;
    one.test = test + 1;
    one.begin = at_second(begin(test));
    one.end = at_second(begin(test) + length);
    recording.executions.push_back(one);
  }
  truth.gross.resize(recording.executions.size());
  truth.net = truth.units = truth.gross;
  std::vector<RandomLevels> neighbours;
  std::vector<double> prices;
  const double start = -plan.history;
  for (int i = 0; i < plan.neighbours; ++i) {
    neighbours.emplace_back(random, plan.dwell, 0, uniform(random, 0, plan.neighbour_units));
    prices.push_back(plan.price * uniform(random, 1 - plan.unlike, 1 + plan.unlike));
  }
  RandomLevels own(random, 20, 0.8 * plan.ours, 1.2 * plan.ours);
  double wander = 0;  // of fans and the sensor: 0.5 % of idle power, over two minutes
  std::vector<Moment> moments;
  const double phase = uniform(random, 0, kBin);
  for (double t = start; t < plan.run + plan.after; t += kGrid) {
    const double keep = std::exp(-kGrid / 120);
    wander = wander * keep + 0.005 * plan.idle * std::sqrt(1 - keep * keep) * normal(random);
    const int test = t < 0 || t >= plan.run ? -1 : static_cast<int>(t / (length + plan.pause));
    const bool runs = test >= 0 && test < plan.tests && t - begin(test) < length;
    Moment now{plan.idle + wander, runs ? own.at(t - start) : plan.rest, 0};
    for (std::size_t i = 0; i < neighbours.size(); ++i) {
      const double units = neighbours[i].at(t - start);
      now.neighbours += units;
      now.watts += prices[i] * units;
    }
    const double each = 1.02 * plan.price;  // with what Virtual I/O Servers do for it
    now.watts += each * now.ours;
    if (runs) {
      const auto i = static_cast<std::size_t>(test);
      truth.gross[i] += kGrid * now.watts * now.ours / (now.ours + now.neighbours);
      truth.net[i] += kGrid * each * (now.ours - plan.rest);
      truth.units[i] += kGrid * now.ours;
    }
    moments.push_back(now);
    if (static_cast<double>(moments.size()) * kGrid < (recording.server_bins.empty() ? kBin + phase : kBin))
      continue;
    if (recording.server_bins.empty() && phase > 0)
      moments.erase(moments.begin(), moments.end() - static_cast<std::ptrdiff_t>(kBin / kGrid));
    add_bin(recording, t + kGrid - kBin, moments);
    moments.clear();
  }
  return truth;
}

}  // namespace pw::test
