// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include "store/load_parts.h"
#include "store/schema.h"

namespace pw {
namespace {

constexpr std::int64_t kMostSubReadings = 1'000'000;
constexpr std::size_t kUnpacked = 65'536;  // rows that are kept as they are at most

// As watts; 0 where there are none.
float next_microwatts(Rows& row) {
  return watts_of_microwatts(row.optional_integer(-kLargest, kLargest).value_or(0));
}

PowerSample next_sample(Rows& row, const Recording& recording) {
  PowerSample sample;
  sample.channel = row.index(recording.channels.size());
  sample.time = row.time();
  sample.read = row.duration();
  const std::optional<double> value = row.optional_real(-Rows::kMostUnits, Rows::kMostUnits);
  sample.sensor_time = row.optional_integer(-kLargest, kLargest);
  sample.status = static_cast<SampleStatus>(row.integer(0, static_cast<int>(SampleStatus::no_value)));
  sample.readings = static_cast<std::int32_t>(row.optional_integer(2, kMostSubReadings).value_or(1));
  sample.least = next_microwatts(row);
  sample.most = next_microwatts(row);
  sample.deviation = next_microwatts(row);
  if (!row.result() || !value) return sample;
  if (recording.channels[static_cast<std::size_t>(sample.channel)].kind == ChannelKind::instantaneous)
    sample.watts = Watts{*value};
  else
    sample.joules = Joules{*value};
  return sample;
}

bool between(std::int64_t value, std::int64_t least, std::int64_t most) {
  return value >= least && value <= most;
}

bool value_can_be(const PowerSample& sample, ChannelKind kind) {
  if (!usable(sample)) return true;
  const bool watts = kind == ChannelKind::instantaneous;
  if (watts != sample.watts.has_value()) return false;
  return std::abs(watts ? sample.watts->value : sample.joules->value) <= Rows::kMostUnits;
}

// The same that next_sample asks of a row.
bool can_be(const PowerSample& sample, ChannelKind kind) {
  return between(sample.time.value, 0, kLargest) && between(sample.read.value, 0, kLargest) &&
         between(sample.sensor_time.value_or(0), -kLargest, kLargest) &&
         between(static_cast<int>(sample.status), 0, static_cast<int>(SampleStatus::no_value)) &&
         between(sample.readings, 1, kMostSubReadings) && value_can_be(sample, kind);
}

// Whether the samples of each channel come in the order of time.
class Order {
 public:
  explicit Order(std::size_t channels) : last_(channels) {}
  void see(const PowerSample& sample) {
    Nanoseconds& last = last_[static_cast<std::size_t>(sample.channel)];
    kept_ = kept_ && last <= sample.time;
    last = sample.time;
  }
  bool kept() const { return kept_; }

 private:
  std::vector<Nanoseconds> last_;
  bool kept_ = true;
};

bool can_be(const SampleColumns& columns, const Recording& recording, Order& order) {
  const SampleBlock& block = columns.block();
  std::array<PowerSample, 128> some;
  for (int channel = block.channel; channel < block.channel + block.channels; ++channel) {
    const ChannelKind kind = recording.channels[static_cast<std::size_t>(channel)].kind;
    for (std::size_t first = 0; first < block.count; first += some.size()) {
      const auto part = std::span(some).first(std::min(some.size(), block.count - first));
      columns.unpack(channel, first, part);
      for (const PowerSample& sample : part) {
        if (!can_be(sample, kind)) return false;
        order.see(sample);
      }
    }
  }
  return true;
}

SampleBlock next_block(Rows& row, const Recording& recording) {
  const std::size_t channels = recording.channels.size();
  SampleBlock block;
  block.start = recording.start;
  block.channel = row.index(channels);
  block.channels = static_cast<int>(row.integer(1, static_cast<std::int64_t>(channels) - block.channel));
  block.count = static_cast<std::size_t>(row.integer(1, kMostInBlock));
  block.bytes = row.text();
  return block;
}

Result<> load_blocks(RowSource& source, Recording& recording, Order& order) {
  Rows row(source, "sample_blocks");
  while (row.next()) {
    SampleBlock block = next_block(row, recording);
    if (!row.result()) break;
    std::optional<SampleColumns> columns = SampleColumns::of(std::move(block));
    if (columns && can_be(*columns, recording, order))
      recording.samples.add(std::move(*columns));
    else
      row.problem("no block of samples");
  }
  return row.result();
}

Result<> load_rows(RowSource& source, Recording& recording, Order& order) {
  Rows row(source, "samples");
  std::size_t rows = 0;
  while (row.next()) {
    const PowerSample sample = next_sample(row, recording);
    if (!row.result()) break;
    order.see(sample);
    recording.samples.push_back(sample);
    if (++rows % kUnpacked == 0) recording.samples.pack(recording.start);
  }
  return row.result();
}

}  // namespace

Result<> load_samples(RowSource& source, Recording& recording) {
  Order order(recording.channels.size());
  Result<> loaded = load_blocks(source, recording, order);
  if (loaded) loaded = load_rows(source, recording, order);
  if (!loaded || order.kept()) return loaded;
  std::vector<PowerSample> all = recording.samples.unpacked();
  std::ranges::stable_sort(all, {}, &PowerSample::time);
  recording.samples = Samples(all);
  return loaded;
}

}  // namespace pw
