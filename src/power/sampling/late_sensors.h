// SPDX-License-Identifier: GPL-3.0-or-later
// How late power sensors show that the tests ended, so that the idle window after them can be long enough.
// Why so: docs/method.md, "Averaging and slow sensors".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "model/recording.h"
#include "model/renewal.h"

namespace pw {

class LateSensors {
 public:
  explicit LateSensors(const RecordingHeader& header);

  // In the order of time within a channel.
  void read(std::span<const PowerSample> samples);

  // An execution begins or ends.
  void edge(Nanoseconds time);

  // What was read between these times is idle power; what was before is not known to be.
  void idle_was(Nanoseconds begin, Nanoseconds end);
  // From now on it is idle power again: since the end of the last execution, which edge() told.
  void tests_ended();

  struct Late {
    std::string channel;
    Seconds by;            // after that end, until it has shown all of the load
    Seconds most = {120};  // that it is waited for, after the idle window that was planned
  };
  // The latest at `now`; nothing: none is later than two of its readings, and the bins that hold that end
  // have come, with the next.
  std::optional<Late> latest(Nanoseconds now) const;
  // Of bins alone: what they tell late is lost if it is not waited for, idle window or not.
  std::optional<Late> latest_bins(Nanoseconds now) const;

 private:
  enum class Phase { idle_before, tests, idle_after };
  struct Sensor {
    std::string name;
    Seconds period;     // of its readings
    Seconds told = {};  // what its driver says of its means and renewals
    Renewal renewal = {};
    std::vector<std::pair<Nanoseconds, double>> before = {};  // the tests, W
    double idle = 0, squares = 0;          // mean before the tests, sum of squares around it; W, W²
    int readings = 0;                      // of it
    std::vector<double> last = {};         // in the tests, W
    std::optional<Nanoseconds> half = {};  // when it had come half way back to idle
  };
  // A channel of means over one bin after the other, which come later (power/reader/bins.h).
  struct Bins {
    std::string name;
    Nanoseconds length;
    std::optional<Nanoseconds> told = {};  // until when
  };
  void add(const Channel& channel, const PowerSource& source);
  static void add_idle(Sensor& sensor, double watts);
  static std::optional<double> half_way(const Sensor& sensor);
  Seconds late(const Sensor& sensor, Nanoseconds now) const;

  std::vector<std::optional<Sensor>> sensors_;  // by channel; those that tell watts
  std::vector<std::optional<Bins>> bins_;       // by channel
  Phase phase_ = Phase::idle_before;
  Nanoseconds end_;
};

}  // namespace pw
