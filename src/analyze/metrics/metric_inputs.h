// SPDX-License-Identifier: GPL-3.0-or-later
// What the formulas of metrics take from a recording: the counts of events, by test and pass.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "facts/metrics.h"
#include "model/recording.h"

namespace pw {

// A number and the half-width of its 95 % band, where it was scaled up from a part of the time.
struct Banded {
  double value = 0;
  double band = 0;
};

// 0.95 (1 - running / enabled) value for a multiplexed reading, else 0: docs/method.md.
double scaling_band(const Reading& reading);

using PassValues = std::map<int, Banded>;      // by pass
using TestValues = std::map<int, PassValues>;  // by test

// An event as a recording has it.
struct EventCounts {
  TestValues tests;
  std::string why;         // there are none: "not-supported: ..."
  bool scaled = false;     // multiplexed in some execution
  bool user_only = false;  // of the hardware, and in user mode only
  bool clock = false;      // counts time, not events
};

// `recording` must outlive it.
class MetricInputs {
 public:
  explicit MetricInputs(const Recording& recording);

  const MetricList& list() const { return list_; }
  // By the name in a metric's file: the event of that name, a synonym, or one behind which the hardware has
  // it.
  const EventCounts& counts(const std::string& event) const;
  const TestValues& seconds() const { return seconds_; }
  std::optional<double> cpus() const { return cpus_; }

 private:
  const Recording& recording_;
  MetricList list_;
  TestValues seconds_;
  std::optional<double> cpus_;
  mutable std::map<std::string, EventCounts> known_;
};

// Whether `recorded` is what a metric's file calls `wanted`: "cpu/x/" is also armv8_pmuv3_0/x/ and x.
bool is_event(std::string_view wanted, std::string_view recorded);

}  // namespace pw
