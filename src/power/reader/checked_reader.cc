// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/reader/checked_reader.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "power/reader/distinct_names.h"
#include "power/reader/no_value.h"

namespace pw {
namespace {

constexpr int kZeros = 5;      // in a row, or as long as so many readings last
constexpr double kSteps = 20;  // of the neighbours of a 0 that is dropped
constexpr double kUnknownStep = 1;

}  // namespace

CheckedReader::CheckedReader(std::unique_ptr<PowerReader> reader) : reader_(std::move(reader)) {
  const PowerSource source = reader_->describe();
  source_ = source.name;
  moment_ = to_nanoseconds({kZeros / source.rate_hz});
  std::vector<Channel> channels = reader_->channels();
  make_names_distinct(channels);
  for (Channel& channel : channels) checked_.push_back({std::move(channel), {}, 0, false});
}

std::vector<Channel> CheckedReader::channels() const {
  std::vector<Channel> channels;
  for (const Checked& checked : checked_) channels.push_back(checked.channel);
  return channels;
}

void CheckedReader::read_into(std::vector<PowerSample>& samples) {
  reader_->read_into(samples);
  check_all(samples);
}

void CheckedReader::read_kind_into(ChannelKind kind, std::vector<PowerSample>& samples) {
  reader_->read_kind_into(kind, samples);
  check_all(samples);
}

void CheckedReader::check_all(std::vector<PowerSample>& samples) {
  for (PowerSample& sample : samples)
    if (sample.watts) check(sample);
}

void CheckedReader::check(PowerSample& sample) {
  Checked& checked = checked_[static_cast<std::size_t>(sample.channel)];
  const Watts watts = *sample.watts;
  if (const std::string why = why_no_value(source_, checked.channel, watts); !why.empty())
    return drop(checked, sample, why);
  if (watts.value == 0) {
    if (zero_of_a_moment(checked, sample)) drop(checked, sample, "0 W for a moment means no value");
    return;
  }
  const double step = checked.channel.step > 0 ? checked.channel.step : kUnknownStep;
  checked.zeros = {watts.value >= kSteps * step, 0, {}};
}

// A 0 that lasts is kept from then on.
bool CheckedReader::zero_of_a_moment(Checked& checked, const PowerSample& sample) {
  Zeros& zeros = checked.zeros;
  if (zeros.count++ == 0) zeros.since = sample.time;
  if (zeros.may_begin && (zeros.count <= kZeros || sample.time - zeros.since < moment_)) return true;
  const bool odd = zeros.may_begin || checked.channel.scope == kWholeMachine;
  if (odd && !std::exchange(checked.said_zero, true))
    warnings_.say(checked.channel.name + ": 0 W, and not for a moment: it is taken as it is");
  return false;
}

void CheckedReader::drop(Checked& checked, PowerSample& sample, const std::string& why) {
  sample.watts.reset();
  sample.status = SampleStatus::no_value;
  if (!worth_saying(++checked.dropped)) return;
  const std::string times = checked.dropped == 1 ? "" : fmt::format(" ({} readings so far)", checked.dropped);
  warnings_.say(fmt::format("{}: {}: dropped{}", checked.channel.name, why, times));
}

std::vector<std::string> CheckedReader::take_warnings() {
  std::vector<std::string> lines = reader_->take_warnings();
  std::vector<std::string> own = warnings_.take();
  std::move(own.begin(), own.end(), std::back_inserter(lines));
  return lines;
}

}  // namespace pw
