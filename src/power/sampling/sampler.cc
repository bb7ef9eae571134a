// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/sampler.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>
#include <mutex>
#include <random>
#include <utility>

#include "power/sampling/worker.h"

namespace pw {
namespace {

constexpr std::chrono::milliseconds kStopPatience{200};

}  // namespace

Sampler::Sampler(std::vector<std::unique_ptr<PowerReader>> readers, Nanoseconds (*suspended)(),
                 std::optional<std::uint32_t> seed) {
  std::random_device chance;
  std::map<std::string, int> alike;
  for (auto& reader : readers) {
    auto worker = std::make_shared<SamplerWorker>();
    worker->suspended = suspended;
    worker->source_number = static_cast<int>(sources_.size());
    PowerSource& source = worker->source = reader->describe();
    if (const int number = ++alike[source.name]; number > 1) source.name += fmt::format("#{}", number);
    source.rate_hz = rate_of(*reader);
    worker->period = to_nanoseconds({1.0 / source.rate_hz});
    worker->pace = pace_of(*reader, worker->period);
    if (worker->pace.random) source.seed = std::max(1U, seed ? *seed : chance());
    for (Channel channel : reader->channels()) {
      channel.source = static_cast<int>(sources_.size());
      worker->channels.emplace_back(channel, static_cast<int>(channels_.size()), worker->pace.parts > 1);
      channels_.push_back(std::move(channel));
    }
    sources_.push_back(source);
    worker->reader = std::move(reader);
    workers_.push_back(std::move(worker));
  }
  for (const auto& worker : workers_) SamplerWorker::start(worker);
}

Sampler::~Sampler() { stop(); }

void Sampler::drain(std::vector<PowerSample>& samples) {
  for (const auto& worker : workers_) {
    const std::lock_guard lock(worker->mutex);
    samples.insert(samples.end(), worker->samples.begin(), worker->samples.end());
    worker->samples.clear();
  }
}

std::vector<ServerBin> Sampler::take_bins() {
  std::vector<ServerBin> bins;
  for (const auto& worker : workers_) {
    const std::lock_guard lock(worker->mutex);
    bins.insert(bins.end(), worker->bins.begin(), worker->bins.end());
    worker->bins.clear();
  }
  return bins;
}

std::vector<Note> Sampler::take_notes() {
  std::vector<Note> notes;
  for (const auto& worker : workers_) {
    const std::lock_guard lock(worker->mutex);
    std::move(worker->notes.begin(), worker->notes.end(), std::back_inserter(notes));
    worker->notes.clear();
  }
  return notes;
}

void Sampler::mark() {
  const Nanoseconds now = monotonic_now();
  for (const auto& worker : workers_) worker->mark(now);
}

std::optional<Watts> Sampler::latest() const {
  for (const auto& worker : workers_) {
    const std::lock_guard lock(worker->mutex);
    if (worker->latest) return worker->latest;
  }
  return std::nullopt;
}

std::vector<PowerSource> Sampler::stop() {
  bool first = false;
  for (const auto& worker : workers_) {
    const std::lock_guard lock(worker->mutex);
    first = !std::exchange(worker->stopping, true) || first;
    worker->pause.end();
  }
  const auto deadline = std::chrono::steady_clock::now() + (first ? kStopPatience : kStopPatience.zero());
  std::vector<PowerSource> counted;
  for (const auto& worker : workers_) {
    std::unique_lock lock(worker->mutex);
    worker->wake.wait_until(lock, deadline, [&] { return worker->ended; });
    counted.push_back(worker->source);
  }
  return counted;
}

}  // namespace pw
