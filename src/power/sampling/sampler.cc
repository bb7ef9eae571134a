// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/sampler.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "os/clock.h"
#include "os/pause.h"
#include "power/sampling/freeze.h"
#include "power/sampling/renewal.h"
#include "power/sampling/schedule.h"

namespace pw {
namespace {

constexpr std::chrono::milliseconds kStopPatience{200};
constexpr Nanoseconds kCpuEvery{100'000'000};
constexpr Nanoseconds kSuspended{100'000'000};  // the clocks are read one after the other

}  // namespace

// Shared between the sampler and its thread, so that a thread left behind owns what it still touches.
struct Sampler::Worker {
  std::unique_ptr<PowerReader> reader;  // of the thread alone, once it runs
  int first_channel = 0;
  Nanoseconds period;
  Nanoseconds (*suspended)() = nullptr;
  Nanoseconds suspended_before;
  Nanoseconds cpu_counted;
  Renewal renewal;
  std::optional<Freeze> freeze;
  Seconds late_sum;
  std::int64_t wakes = 0;
  bool slept = false;                // since energy was last read
  std::vector<PowerSample> reading;  // the one under way
  std::vector<PowerSample> before;   // the last good one
  Pause pause;                       // between readings; ended where the thread is to stop

  mutable std::mutex mutex;      // for all that follows
  std::condition_variable wake;  // has ended
  PowerSource source;
  bool stopping = false;
  bool ended = false;
  std::vector<PowerSample> samples;
  std::vector<Note> notes;
  std::optional<Watts> latest;
  bool lost = false;
  bool called_inactive = false;

  void loop() {
    Nanoseconds next = monotonic_now();
    Schedule schedule(next, period);
    suspended_before = suspended();
    do next = read_once(schedule, next);
    while (pause.until(next));
    reader.reset();  // a BMC that is silent lets the end of its session hang, too
    const std::lock_guard lock(mutex);
    source.cpu = thread_cpu_time();
    ended = true;
    wake.notify_all();
  }

  // The reading of the deadline `due`. When the next is to be.
  Nanoseconds read_once(Schedule& schedule, Nanoseconds due) {
    const Nanoseconds begin = monotonic_now();
    reading.clear();
    reader->read_into(reading);
    const std::lock_guard lock(mutex);
    note_lateness(begin - due);
    note_suspension();
    if (const std::string frozen = freeze->check(reading); !frozen.empty())
      warn(reading.front().time, frozen);
    const bool good = take();
    slow_down(schedule);
    const Nanoseconds next = reader->more() ? monotonic_now() : schedule.next(monotonic_now(), good);
    source.missed = schedule.missed();
    source.reconnects = reader->reconnects();
    count_cpu(begin);
    return next;
  }

  // Asking takes as long as reading a sensor.
  void count_cpu(Nanoseconds now) {
    if (now < cpu_counted + kCpuEvery) return;
    cpu_counted = now;
    source.cpu = thread_cpu_time();
  }

  void note_lateness(Nanoseconds late) {
    late_sum += to_seconds(late);
    source.late_mean = late_sum / static_cast<double>(++wakes);
    source.late_most = std::max(source.late_most, to_seconds(late));
  }

  // CLOCK_MONOTONIC stands still meanwhile, and what an energy counter did nobody knows.
  void note_suspension() {
    const Nanoseconds now = suspended();
    const Nanoseconds length = now - std::exchange(suspended_before, now);
    if (length >= kSuspended) {
      warn(monotonic_now(), fmt::format("the machine was suspended for {:.1f} s", to_seconds(length).value));
      slept = true;
    }
    if (!slept) return;
    for (PowerSample& sample : reading)
      if (sample.joules) {
        sample.status = SampleStatus::reset;
        slept = false;
      }
  }

  void slow_down(Schedule& schedule) {
    if (const auto told = reader->renews()) {
      source.renews = told;
      return;
    }
    const auto renews = renewal.found();
    if (!renews || renews->value < 2 * schedule.period().value) return;
    source.renews = renews;
    schedule.slow_down(*renews);
    notes.push_back(
        {NoteKind::notice, monotonic_now(),
         fmt::format("{}: its values are renewed every {:.3g} s: it is read that often from now on",
                     source.name, to_seconds(*renews).value)});
  }

  // Whether any channel has a value, or nothing was to be read.
  bool take() {
    if (reading.empty()) {
      for (const std::string& warning : reader->take_warnings()) warn(monotonic_now(), warning);
      return true;
    }
    const bool good = std::any_of(reading.begin(), reading.end(), usable);
    ++source.reads;
    if (!good) ++source.failures;
    if (good && same_values(reading, before))
      ++source.repeats;
    else if (good && !before.empty() &&
             std::ranges::all_of(reading, [](auto& one) { return one.joules.has_value(); }))
      renewal.changed(reading.front().time);
    note_changes(good);
    latest.reset();
    for (PowerSample sample : reading) {
      if (!latest) latest = sample.watts;
      sample.channel += first_channel;
      samples.push_back(sample);
    }
    if (good) before.swap(reading);
    return good;
  }

  void note_changes(bool good) {
    const Nanoseconds time = reading.front().time;
    for (const std::string& warning : reader->take_warnings()) warn(time, warning);
    const SampleStatus status = reading.front().status;
    if (good && status == SampleStatus::inactive && !std::exchange(called_inactive, true))
      warn(time, "the BMC calls its power measurement inactive, but tells watts (normal on OpenBMC)");
    if (lost != good) return;
    lost = !good;
    warn(time, good ? "readings are back" : fmt::format("readings fail ({})", to_text(status)));
  }

  void warn(Nanoseconds time, const std::string& what) {
    notes.push_back({NoteKind::warning, time, source.name + ": " + what});
  }

  // The thread has every signal blocked: they are for the main thread.
  static void start(const std::shared_ptr<Worker>& worker) {
    sigset_t all, before_start;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_start);
    try {
      std::thread([worker] { worker->loop(); }).detach();
    } catch (const std::system_error& error) {
      worker->ended = true;
      worker->warn(monotonic_now(), fmt::format("no thread to read it with: {}", error.code().message()));
    }
    pthread_sigmask(SIG_SETMASK, &before_start, nullptr);
  }
};

Sampler::Sampler(std::vector<std::unique_ptr<PowerReader>> readers, Nanoseconds (*suspended)()) {
  std::map<std::string, int> alike;
  for (auto& reader : readers) {
    auto worker = std::make_shared<Worker>();
    worker->first_channel = static_cast<int>(channels_.size());
    worker->source = reader->describe();
    worker->suspended = suspended;
    if (const int number = ++alike[worker->source.name]; number > 1)
      worker->source.name += fmt::format("#{}", number);
    worker->freeze.emplace(reader->channels());
    worker->period = to_nanoseconds({1.0 / worker->source.rate_hz});
    for (Channel channel : reader->channels()) {
      channel.source = static_cast<int>(sources_.size());
      channels_.push_back(std::move(channel));
    }
    sources_.push_back(worker->source);
    worker->reader = std::move(reader);
    workers_.push_back(std::move(worker));
  }
  for (const auto& worker : workers_) Worker::start(worker);
}

Sampler::~Sampler() { stop(); }

void Sampler::drain(std::vector<PowerSample>& samples) {
  for (const auto& worker : workers_) {
    const std::lock_guard lock(worker->mutex);
    samples.insert(samples.end(), worker->samples.begin(), worker->samples.end());
    worker->samples.clear();
  }
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
