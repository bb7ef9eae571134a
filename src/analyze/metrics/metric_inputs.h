// SPDX-License-Identifier: GPL-3.0-or-later
// What the formulas of metrics take from a recording: the counts of events, by test and pass.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

// The executions of a test that count, one a pass, as rows of MetricInputs: the values of events stand in
// this order.
struct TestRows {
  int test = 0;
  std::size_t begin = 0, end = 0;
};

using RowValues = std::vector<std::optional<Banded>>;  // by row

// An event as a recording has it.
struct EventCounts {
  RowValues values;        // empty: there are none
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
  // Their readings have changed; executions have not come or gone.
  void forget_counts() { known_.clear(); }
  std::span<const TestRows> tests() const { return tests_; }
  // In which its events were counted.
  double seconds(std::size_t row) const;
  std::optional<double> cpus() const { return cpus_; }

 private:
  const Recording& recording_;
  MetricList list_;
  std::vector<const Execution*> rows_;  // by test and pass
  std::vector<TestRows> tests_;
  std::optional<double> cpus_;
  mutable std::map<std::string, EventCounts> known_;
};

// Whether `recorded` is what a metric's file calls `wanted`: "cpu/x/" is also armv8_pmuv3_0/x/ and x.
bool is_event(std::string_view wanted, std::string_view recorded);

}  // namespace pw
