// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/samples.h"

#include <algorithm>
#include <span>
#include <utility>

namespace pw {
namespace {

constexpr std::size_t kFetched = 128;  // samples at a time: they stay in the first cache

bool read_together(const std::vector<PowerSample>& one, const std::vector<PowerSample>& other) {
  return std::ranges::equal(one, other, [](const PowerSample& a, const PowerSample& b) {
    return a.time == b.time && a.read == b.read;
  });
}

// Cuts what is more than a block holds.
void pack_together(int first, std::span<const std::vector<PowerSample>> together, Nanoseconds start,
                   std::vector<SampleBlock>& blocks) {
  const std::size_t count = together.front().size();
  if (count <= kMostInBlock) {
    blocks.push_back(pack_samples(first, together, start));
    return;
  }
  std::vector<std::vector<PowerSample>> parts(together.size());
  for (std::size_t begin = 0; begin < count; begin += kMostInBlock) {
    for (std::size_t i = 0; i < together.size(); ++i) {
      const auto from = together[i].begin() + static_cast<std::ptrdiff_t>(begin);
      parts[i].assign(from, from + static_cast<std::ptrdiff_t>(std::min(kMostInBlock, count - begin)));
    }
    blocks.push_back(pack_samples(first, parts, start));
  }
}

}  // namespace

std::vector<SampleBlock> packed(const std::vector<std::vector<PowerSample>>& by_channel, Nanoseconds start) {
  std::vector<SampleBlock> blocks;
  for (std::size_t first = 0, end = 0; first < by_channel.size(); first = end) {
    end = first + 1;
    if (by_channel[first].empty()) continue;
    while (end < by_channel.size() && read_together(by_channel[first], by_channel[end])) ++end;
    pack_together(static_cast<int>(first), std::span(by_channel).subspan(first, end - first), start, blocks);
  }
  return blocks;
}

ChannelSamples::Iterator::Iterator(const Samples* all, std::size_t channel) : all_(all), channel_(channel) {
  fetch();
}

void ChannelSamples::Iterator::fetch() {
  at_ = 0;
  unpacked_.clear();
  const Samples::OfChannel* of = all_->find(channel_);
  if (!of) return;
  if (piece_ == of->blocks.size()) {
    const std::size_t count = std::min(kFetched, of->rest.size() - first_);
    const auto from = of->rest.begin() + static_cast<std::ptrdiff_t>(first_);
    unpacked_.assign(from, from + static_cast<std::ptrdiff_t>(count));
    first_ += count;
    return;
  }
  const SampleColumns& block = *of->blocks[piece_];
  unpacked_.resize(std::min(kFetched, block.block().count - first_));
  block.unpack(static_cast<int>(channel_), first_, unpacked_);
  first_ += unpacked_.size();
  if (first_ < block.block().count) return;
  first_ = 0;
  ++piece_;
}

std::size_t ChannelSamples::size() const {
  const Samples::OfChannel* of = all_->find(channel_);
  return of ? of->size : 0;
}

PowerSample ChannelSamples::front() const { return *begin(); }

PowerSample ChannelSamples::back() const {
  const Samples::OfChannel& of = *all_->find(channel_);
  if (!of.rest.empty()) return of.rest.back();
  PowerSample last;
  const SampleColumns& block = *of.blocks.back();
  block.unpack(static_cast<int>(channel_), block.block().count - 1, {&last, 1});
  return last;
}

Samples::Iterator::Iterator(const Samples& all) {
  of_.reserve(all.channels_.size());
  for (std::size_t channel = 0; channel < all.channels_.size(); ++channel) {
    of_.push_back(all.of(channel).begin());
    if (of_.back() != std::default_sentinel) next_.push({of_.back()->time, channel});
  }
}

Samples::Iterator& Samples::Iterator::operator++() {
  const std::size_t channel = next_.top().channel;
  ChannelSamples::Iterator& own = of_[channel];
  next_.pop();
  ++own;
  if (own != std::default_sentinel) next_.push({own->time, channel});
  return *this;
}

Samples::Samples(const std::vector<PowerSample>& samples) {
  for (const PowerSample& sample : samples) push_back(sample);
}

Samples::OfChannel& Samples::make(std::size_t channel) {
  if (channel >= channels_.size()) channels_.resize(channel + 1);
  return channels_[channel];
}

void Samples::push_back(const PowerSample& sample) {
  OfChannel& of = make(static_cast<std::size_t>(sample.channel));
  of.rest.push_back(sample);
  ++of.size;
  ++size_;
}

void Samples::add(SampleColumns block) {
  const auto shared = std::make_shared<const SampleColumns>(std::move(block));
  const SampleBlock& added = shared->block();
  for (int i = 0; i < added.channels; ++i) {
    OfChannel& of = make(static_cast<std::size_t>(added.channel + i));
    of.blocks.push_back(shared.get());
    of.size += added.count;
    size_ += added.count;
  }
  blocks_.push_back(shared);
}

void Samples::pack(Nanoseconds start) {
  std::vector<std::vector<PowerSample>> rests;
  for (OfChannel& of : channels_) {
    of.size -= of.rest.size();
    size_ -= of.rest.size();
    rests.push_back(std::exchange(of.rest, {}));
  }
  for (SampleBlock& block : packed(rests, start)) add(*SampleColumns::of(std::move(block)));
}

std::vector<PowerSample> Samples::unpacked() const {
  std::vector<PowerSample> all;
  all.reserve(size_);
  for (const PowerSample& sample : *this) all.push_back(sample);
  return all;
}

}  // namespace pw
