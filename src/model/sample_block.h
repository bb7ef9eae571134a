// SPDX-License-Identifier: GPL-3.0-or-later
// Many samples in few bytes, each of which can be had without those before it: docs/recording.md, "Blocks of
// samples".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/power.h"
#include "model/value_column.h"

namespace pw {

// So many samples of each of some channels in a row, that were read together.
struct SampleBlock {
  int channel = 0;  // the first
  int channels = 1;
  std::size_t count = 0;  // of each
  Nanoseconds start{};    // what the times in `bytes` count from; not in them
  std::string bytes = {};
};

inline constexpr std::size_t kMostInBlock = 65'536;  // of each channel

// The samples of the channels from `first` on, which are alike in number (1 to kMostInBlock), times and
// durations of the reads. A value that is not finite is none, and the spread of readings is kept to the
// microwatt.
SampleBlock pack_samples(int first, std::span<const std::vector<PowerSample>> by_channel, Nanoseconds start);

// A block that is read.
class SampleColumns {
 public:
  // Nothing: its bytes are no block of such numbers. Values within it may still be anything.
  static std::optional<SampleColumns> of(SampleBlock block);

  const SampleBlock& block() const { return block_; }
  bool joules(int channel) const { return at(channel).joules; }

  // Samples [first, first + out.size()) of a channel of the block, which must be there.
  void unpack(int channel, std::size_t first, std::span<PowerSample> out) const;

 private:
  struct OfChannel {
    std::size_t begin = 0;  // in the bytes
    bool joules = false;
  };
  struct Columns;

  const OfChannel& at(int channel) const {
    return channels_[static_cast<std::size_t>(channel - block_.channel)];
  }
  static std::optional<Columns> take(std::string_view& bytes, std::size_t count);

  SampleBlock block_;
  std::size_t times_ = 0, reads_ = 0;  // where their columns begin
  std::vector<OfChannel> channels_;
};

}  // namespace pw
