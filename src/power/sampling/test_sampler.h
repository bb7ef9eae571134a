// SPDX-License-Identifier: GPL-3.0-or-later
// For the tests of the sampler: a source whose readings a test writes down.
#pragma once

#include <signal.h>

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "os/clock.h"
#include "power/sampling/sampler.h"

namespace pw::test {

inline PowerSample watts(double value, SampleStatus status = SampleStatus::ok) {
  PowerSample sample;
  sample.time = monotonic_now();
  sample.watts = Watts{value};
  sample.status = status;
  return sample;
}

inline PowerSample failure(SampleStatus status) {
  PowerSample sample;
  sample.time = monotonic_now();
  sample.status = status;
  return sample;
}

// What the test and the reader in the sampler's thread share.
class Script {
 public:
  explicit Script(std::deque<std::vector<PowerSample>> readings) : readings_(std::move(readings)) {}

  // The next reading; after the last, waits until release().
  std::vector<PowerSample> next() {
    std::unique_lock lock(mutex_);
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    signals_blocked = sigismember(&blocked, SIGINT) == 1 && sigismember(&blocked, SIGCHLD) == 1;
    if (readings_.empty()) {
      exhausted_ = true;
      changed_.notify_all();
      changed_.wait(lock, [&] { return released_; });
      return {failure(SampleStatus::timeout)};
    }
    std::vector<PowerSample> reading = std::move(readings_.front());
    readings_.pop_front();
    return reading;
  }

  void wait_until_exhausted() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return exhausted_; });
  }

  void release() {
    const std::lock_guard lock(mutex_);
    released_ = true;
    changed_.notify_all();
  }

  void reader_gone() {
    const std::lock_guard lock(mutex_);
    gone_ = true;
    changed_.notify_all();
  }

  void wait_until_gone() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return gone_; });
  }

  bool signals_blocked = false;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::vector<PowerSample>> readings_;
  bool exhausted_ = false;
  bool released_ = false;
  bool gone_ = false;
};

class FakeReader : public PowerReader {
 public:
  FakeReader(std::shared_ptr<Script> script, int channels) : script_(std::move(script)), count_(channels) {}
  ~FakeReader() override { script_->reader_gone(); }
  PowerSource describe() const override {
    PowerSource source;
    source.name = "fake";
    source.rate_hz = 1000;
    return source;
  }
  std::vector<Channel> channels() const override {
    return std::vector<Channel>(static_cast<std::size_t>(count_), Channel{});
  }
  void read_into(std::vector<PowerSample>& samples) override {
    for (const PowerSample& sample : script_->next()) samples.push_back(sample);
    told_ = {};
  }
  // One a reading.
  std::vector<ServerBin> take_bins(bool all) override {
    if (all || std::exchange(told_, true)) return {};
    const Nanoseconds begin{++bins_};
    return {{0, begin, begin + Nanoseconds{1}, Watts{500}, {}, {}, {}, {}, {}}};
  }
  std::int64_t reconnects() const override { return 7; }

 private:
  std::shared_ptr<Script> script_;
  int count_;
  bool told_ = true;
  std::int64_t bins_ = 0;
};

using Readings = std::deque<std::vector<PowerSample>>;

inline std::vector<std::unique_ptr<PowerReader>> readers(const std::shared_ptr<Script>& script,
                                                         int channels = 1) {
  std::vector<std::unique_ptr<PowerReader>> list;
  list.push_back(std::make_unique<FakeReader>(script, channels));
  return list;
}

inline PowerSample joules(double value) {
  PowerSample sample;
  sample.time = monotonic_now();
  sample.joules = Joules{value};
  return sample;
}

inline Channel counter_channel() {
  Channel channel;
  channel.name = "counter";
  channel.kind = ChannelKind::accumulating;
  return channel;
}

}  // namespace pw::test
