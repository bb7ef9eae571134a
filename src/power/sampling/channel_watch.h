// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/power.h"
#include "model/renewal.h"
#include "power/sampling/freeze.h"
#include "power/sampling/sub_readings.h"

namespace pw {

// What the sampler learns of one channel from its readings, and makes samples of.
class ChannelWatch {
 public:
  // `number`: PowerSample::channel of its samples. `in_parts`: power is read several times a period.
  ChannelWatch(const Channel& channel, int number, bool in_parts);

  // Takes the next reading, and its value out of it where that is late. Appends what is a sample already.
  // What is to be said, "" for nothing.
  std::string take(PowerSample& reading, std::vector<PowerSample>& samples);

  // The period whose middle that is, or what was seen of it, is over.
  void end_period(Nanoseconds middle, std::vector<PowerSample>& samples);
  // Sampling ends.
  void end(std::vector<PowerSample>& samples) { freeze_.end(samples); }

  // The load changed.
  void edge(Nanoseconds time);

  // Whether the latest reading was usable, and equal to the usable one before.
  bool repeated() const { return repeated_; }
  // Whether any two readings differed.
  bool ever_changed() const { return changed_; }
  std::optional<Nanoseconds> renews() const { return renewal_.found(); }
  const Channel& channel() const { return channel_; }

 private:
  void learn(const PowerSample& reading);

  Channel channel_;
  int number_;
  bool in_parts_;
  Renewal renewal_;
  Freeze freeze_;
  SubReadings parts_;
  std::optional<double> value_;  // of the last usable reading
  bool repeated_ = false, changed_ = false;
};

}  // namespace pw
