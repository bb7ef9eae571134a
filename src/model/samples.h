// SPDX-License-Identifier: GPL-3.0-or-later
// The power samples of a recording: a few bytes of each, for there may be many millions.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <queue>
#include <vector>

#include "model/power.h"
#include "model/sample_block.h"

namespace pw {

class Samples;

// One channel's, one after the other, in the order in which they came.
class ChannelSamples {
 public:
  class Iterator {
   public:
    Iterator(const Samples* all, std::size_t channel);
    const PowerSample& operator*() const { return unpacked_[at_]; }
    const PowerSample* operator->() const { return &unpacked_[at_]; }
    Iterator& operator++() {
      if (++at_ == unpacked_.size()) fetch();
      return *this;
    }
    bool operator==(std::default_sentinel_t) const { return unpacked_.empty(); }

   private:
    void fetch();

    const Samples* all_;
    std::size_t channel_;
    std::size_t piece_ = 0, first_ = 0;  // what is fetched next: of the blocks, and then what is not packed
    std::vector<PowerSample> unpacked_;
    std::size_t at_ = 0;
  };

  ChannelSamples(const Samples* all, std::size_t channel) : all_(all), channel_(channel) {}
  Iterator begin() const { return {all_, channel_}; }
  std::default_sentinel_t end() const { return {}; }
  bool empty() const { return size() == 0; }
  std::size_t size() const;
  PowerSample front() const;  // of those that are not empty
  PowerSample back() const;

 private:
  const Samples* all_;
  std::size_t channel_;
};

class Samples {
 public:
  // All, in the order of time; at the same time in the order of channels. Where a channel's own samples are
  // not in the order of time these are not, either.
  class Iterator {
   public:
    explicit Iterator(const Samples& all);
    const PowerSample& operator*() const { return *of_[next_.top().channel]; }
    const PowerSample* operator->() const { return &**this; }
    Iterator& operator++();
    bool operator==(std::default_sentinel_t) const { return next_.empty(); }

   private:
    struct Next {
      Nanoseconds time;
      std::size_t channel;
      bool operator>(const Next& other) const {
        return time != other.time ? time > other.time : channel > other.channel;
      }
    };
    std::vector<ChannelSamples::Iterator> of_;
    std::priority_queue<Next, std::vector<Next>, std::greater<>> next_;
  };

  Samples() = default;
  Samples(std::initializer_list<PowerSample> samples) : Samples(std::vector<PowerSample>(samples)) {}
  explicit Samples(const std::vector<PowerSample>& samples);

  void push_back(const PowerSample& sample);  // of a channel >= 0
  void add(SampleColumns block);              // before what was pushed back and not packed
  // Packs what was pushed back.
  void pack(Nanoseconds start);
  void clear() { *this = {}; }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Iterator begin() const { return Iterator(*this); }
  std::default_sentinel_t end() const { return {}; }
  ChannelSamples of(std::size_t channel) const { return {this, channel}; }
  std::vector<PowerSample> unpacked() const;

 private:
  friend ChannelSamples;
  struct OfChannel {
    std::vector<const SampleColumns*> blocks;
    std::vector<PowerSample> rest;  // behind them
    std::size_t size = 0;
  };
  OfChannel& make(std::size_t channel);
  const OfChannel* find(std::size_t channel) const {
    return channel < channels_.size() ? &channels_[channel] : nullptr;
  }

  std::vector<std::shared_ptr<const SampleColumns>> blocks_;
  std::vector<OfChannel> channels_;
  std::size_t size_ = 0;
};

// What was pushed back, as blocks: of channels in a row that were read together one.
std::vector<SampleBlock> packed(const std::vector<std::vector<PowerSample>>& by_channel, Nanoseconds start);

}  // namespace pw
