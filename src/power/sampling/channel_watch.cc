// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/channel_watch.h"

namespace pw {

ChannelWatch::ChannelWatch(const Channel& channel, int number, bool in_parts)
    : channel_(channel),
      number_(number),
      in_parts_(in_parts && channel.kind == ChannelKind::instantaneous),
      freeze_(channel) {}

std::string ChannelWatch::take(PowerSample& reading, std::vector<PowerSample>& samples) {
  learn(reading);
  PowerSample sample = reading;
  sample.channel = number_;
  if (in_parts_) {
    parts_.add(sample);
    return "";
  }
  std::string warning = freeze_.take(sample, renews(), samples);
  if (reading.joules && freeze_.late()) {
    reading.joules.reset();
    reading.status = SampleStatus::timeout;
  }
  return warning;
}

void ChannelWatch::end_period(Nanoseconds middle, std::vector<PowerSample>& samples) {
  if (!in_parts_) return;
  if (const auto sample = parts_.take(middle)) samples.push_back(*sample);
}

void ChannelWatch::edge(Nanoseconds time) {
  if (channel_.kind == ChannelKind::instantaneous) renewal_.edge(time);
}

void ChannelWatch::learn(const PowerSample& reading) {
  renewal_.read(reading);
  repeated_ = false;
  if (!usable(reading)) return;
  const double value = reading.watts ? reading.watts->value : reading.joules->value;
  repeated_ = value_ == value;
  changed_ = changed_ || (value_ && !repeated_);
  value_ = value;
}

}  // namespace pw
