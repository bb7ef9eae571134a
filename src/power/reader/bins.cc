// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/reader/bins.h"

#include <algorithm>
#include <utility>

namespace pw {

Channel bin_channel(std::string name, std::string scope, Nanoseconds length) {
  Channel channel;
  channel.name = std::move(name);
  channel.kind = ChannelKind::accumulating;
  channel.scope = std::move(scope);
  channel.refresh = length;
  channel.averages = length;
  return channel;
}

void BinCounter::take(const PowerBin& bin, std::vector<PowerSample>& out) {
  const Nanoseconds length = bin.end - bin.begin;
  if (length.value <= 0 || (last_ && bin.end <= *last_ + Nanoseconds{length.value / 2})) return;
  if (!bin.mean) {
    PowerSample none = reading(bin.end, bin);
    none.joules.reset();
    none.status = SampleStatus::no_value;
    out.push_back(none);
    last_ = bin.end;
    known_ = false;
    return;
  }
  if (!follows(bin)) begin_at(bin, out);
  // Stamps jitter: nothing is lost between two bins that follow each other, nor counted twice.
  joules_ += *bin.mean * to_seconds(bin.end - *last_);
  last_ = bin.end;
  PowerSample sample = reading(bin.end, bin);
  sample.sensor_time = bin.stamp;
  sample.least = bin.least;
  sample.most = bin.most;
  out.push_back(sample);
}

bool BinCounter::follows(const PowerBin& bin) const {
  return known_ && bin.begin < *last_ + Nanoseconds{(bin.end - bin.begin).value / 2};
}

PowerSample BinCounter::reading(Nanoseconds time, const PowerBin& bin) const {
  PowerSample sample;
  sample.time = time;
  sample.read = bin.doubt;
  sample.joules = joules_;
  return sample;
}

void BinCounter::begin_at(const PowerBin& bin, std::vector<PowerSample>& out) {
  const Nanoseconds begin = last_ ? std::max(*last_, bin.begin) : bin.begin;
  PowerSample sample = reading(begin, bin);
  if (last_) sample.status = SampleStatus::reset;
  out.push_back(sample);
  last_ = begin;
  known_ = true;
}

}  // namespace pw
