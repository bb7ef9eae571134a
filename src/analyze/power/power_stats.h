// SPDX-License-Identifier: GPL-3.0-or-later
// What is known of a channel while it is being watched.
#pragma once

#include <deque>
#include <optional>

#include "model/power.h"

namespace pw {

// Takes the samples of one channel in the order of time. Power between two samples: their mean (instantaneous
// channels), the energy between them by the time (accumulating). After a sample without value, or a reset,
// the time until the next is unknown: it counts as neither watched time nor energy.
class PowerStats {
 public:
  // `history`: how many latest powers are kept.
  explicit PowerStats(std::size_t history = 0) : most_(history) {}

  void add(const PowerSample& sample);

  std::optional<Watts> now() const { return now_; }  // nothing while readings fail
  std::optional<Watts> mean() const;
  std::optional<Watts> least() const { return least_; }
  std::optional<Watts> most() const { return greatest_; }
  Joules energy() const { return energy_; }
  Seconds watched() const { return watched_; }
  SampleStatus status() const { return status_; }  // of the latest sample
  const std::deque<std::optional<Watts>>& history() const { return history_; }

 private:
  void take(Watts power);
  void remember(std::optional<Watts> power);

  std::size_t most_;
  std::optional<PowerSample> before_;  // the last sample, where it has a value
  std::optional<Watts> now_, least_, greatest_;
  Joules energy_;
  Seconds watched_;
  SampleStatus status_ = SampleStatus::ok;
  std::deque<std::optional<Watts>> history_;  // nothing: no value then
};

}  // namespace pw
