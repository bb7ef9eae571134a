// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/sample_block.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace pw {
namespace {

// The columns of integers of a channel behind its values, in their order.
enum Column { kHasValue, kHasStamp, kStamp, kStatus, kReadings, kLeast, kMost, kDeviation, kColumns };

std::optional<double> finite_value(const PowerSample& sample) {
  const double value = sample.joules ? sample.joules->value : sample.watts ? sample.watts->value : NAN;
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

std::int64_t integer_of(const PowerSample& sample, Column column) {
  switch (column) {
    case kHasValue:
      return finite_value(sample) ? 1 : 0;
    case kHasStamp:
      return sample.sensor_time ? 1 : 0;
    case kStamp:
      return sample.sensor_time.value_or(0);
    case kStatus:
      return static_cast<std::int64_t>(sample.status);
    case kReadings:
      return sample.readings;
    case kLeast:
      return stored_microwatts(sample, sample.least).value_or(0);
    case kMost:
      return stored_microwatts(sample, sample.most).value_or(0);
    case kDeviation:
      return stored_microwatts(sample, sample.deviation).value_or(0);
    case kColumns:
      break;
  }
  return 0;
}

template <class Of>
void pack_column(std::span<const PowerSample> samples, std::string& bytes, const Of& of) {
  std::vector<std::int64_t> integers;
  integers.reserve(samples.size());
  for (const PowerSample& sample : samples) integers.push_back(of(sample));
  pack_integers(integers, bytes);
}

// Where there is none stands the one before, which takes no room.
std::vector<double> values_of(std::span<const PowerSample> samples) {
  std::vector<double> values;
  values.reserve(samples.size());
  double last = 0;
  for (const PowerSample& sample : samples) {
    if (const auto value = finite_value(sample)) last = *value;
    values.push_back(last);
  }
  return values;
}

void pack_channel(std::span<const PowerSample> samples, std::string& bytes) {
  const bool joules =
      std::ranges::any_of(samples, [](const PowerSample& sample) { return sample.joules.has_value(); });
  bytes.push_back(joules ? 1 : 0);
  pack_values(values_of(samples), bytes);
  for (int column = 0; column < kColumns; ++column)
    pack_column(samples, bytes, [&](const PowerSample& one) { return integer_of(one, Column(column)); });
}

}  // namespace

SampleBlock pack_samples(int first, std::span<const std::vector<PowerSample>> by_channel, Nanoseconds start) {
  SampleBlock block{first, static_cast<int>(by_channel.size()), by_channel.front().size(), start, {}};
  const std::span<const PowerSample> leader = by_channel.front();
  pack_column(leader, block.bytes, [&](const PowerSample& one) { return (one.time - start).value; });
  pack_column(leader, block.bytes, [](const PowerSample& one) { return one.read.value; });
  for (const std::vector<PowerSample>& samples : by_channel) pack_channel(samples, block.bytes);
  return block;
}

struct SampleColumns::Columns {
  bool joules = false;
  ValueColumn values;
  std::array<IntegerColumn, kColumns> integers;
};

std::optional<SampleColumns::Columns> SampleColumns::take(std::string_view& bytes, std::size_t count) {
  const std::optional<std::uint8_t> joules = take_byte(bytes);
  if (!joules || *joules > 1) return std::nullopt;
  const std::optional<ValueColumn> values = take_values(bytes, count);
  if (!values) return std::nullopt;
  Columns columns{*joules == 1, *values, {}};
  for (IntegerColumn& column : columns.integers) {
    const std::optional<IntegerColumn> taken = take_integers(bytes, count);
    if (!taken) return std::nullopt;
    column = *taken;
  }
  return columns;
}

std::optional<SampleColumns> SampleColumns::of(SampleBlock block) {
  if (block.count == 0 || block.count > kMostInBlock || block.channels < 1) return std::nullopt;
  SampleColumns read;
  read.block_ = std::move(block);
  std::string_view left = read.block_.bytes;
  const auto here = [&] { return read.block_.bytes.size() - left.size(); };
  for (std::size_t* begin : {&read.times_, &read.reads_}) {
    *begin = here();
    if (!take_integers(left, read.block_.count)) return std::nullopt;
  }
  for (int i = 0; i < read.block_.channels; ++i) {
    const std::size_t begin = here();
    const std::optional<Columns> columns = take(left, read.block_.count);
    if (!columns) return std::nullopt;
    read.channels_.push_back({begin, columns->joules});
  }
  return left.empty() ? std::optional(std::move(read)) : std::nullopt;
}

namespace {

std::int32_t narrow(std::int64_t n) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(n, -1, std::numeric_limits<std::int32_t>::max()));
}

Nanoseconds later(Nanoseconds start, std::int64_t n) {
  return {static_cast<std::int64_t>(static_cast<std::uint64_t>(start.value) + static_cast<std::uint64_t>(n))};
}

// Gives each sample of `out` and the integer of a column for it to `set`.
class Unpacking {
 public:
  Unpacking(std::size_t first, std::span<PowerSample> out)
      : first_(first), out_(out), integers_(out.size()) {}

  template <class Set>
  void each(const IntegerColumn& column, const Set& set) {
    column.unpack(first_, integers_);
    for (std::size_t i = 0; i < out_.size(); ++i) set(out_[i], integers_[i]);
  }

  void values(const ValueColumn& column, bool joules) {
    each(column.integers, [&](PowerSample& one, std::int64_t n) {
      if (joules)
        one.joules = Joules{column.value(n)};
      else
        one.watts = Watts{column.value(n)};
    });
  }

  void spread(const std::array<IntegerColumn, kColumns>& columns) {
    each(columns[kReadings], [](PowerSample& one, std::int64_t n) { one.readings = narrow(n); });
    each(columns[kLeast], [](PowerSample& one, std::int64_t n) { one.least = watts_of_microwatts(n); });
    each(columns[kMost], [](PowerSample& one, std::int64_t n) { one.most = watts_of_microwatts(n); });
    each(columns[kDeviation],
         [](PowerSample& one, std::int64_t n) { one.deviation = watts_of_microwatts(n); });
  }

 private:
  std::size_t first_;
  std::span<PowerSample> out_;
  std::vector<std::int64_t> integers_;
};

}  // namespace

void SampleColumns::unpack(int channel, std::size_t first, std::span<PowerSample> out) const {
  const auto from = [&](std::size_t begin) { return std::string_view(block_.bytes).substr(begin); };
  std::string_view times = from(times_), reads = from(reads_), rest = from(at(channel).begin);
  const Columns columns = *take(rest, block_.count);
  const auto& integers = columns.integers;
  for (PowerSample& sample : out) sample = {channel, {}, {}, {}, {}, {}};
  Unpacking all(first, out);
  all.each(*take_integers(times, block_.count),
           [&](PowerSample& one, std::int64_t n) { one.time = later(block_.start, n); });
  all.each(*take_integers(reads, block_.count), [](PowerSample& one, std::int64_t n) { one.read = {n}; });
  all.values(columns.values, columns.joules);
  if (!integers[kHasValue].all_are(1))
    all.each(integers[kHasValue], [](PowerSample& one, std::int64_t n) {
      if (n != 1) one.joules = {}, one.watts = {};
    });
  if (!integers[kHasStamp].all_are(0)) {
    all.each(integers[kStamp], [](PowerSample& one, std::int64_t n) { one.sensor_time = n; });
    all.each(integers[kHasStamp], [](PowerSample& one, std::int64_t n) {
      if (n != 1) one.sensor_time = {};
    });
  }
  if (!integers[kStatus].all_are(0))
    all.each(integers[kStatus],
             [](PowerSample& one, std::int64_t n) { one.status = static_cast<SampleStatus>(narrow(n)); });
  if (!integers[kReadings].all_are(1)) all.spread(integers);
}

}  // namespace pw
