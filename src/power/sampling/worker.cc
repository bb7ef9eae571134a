// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/sampling/worker.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <system_error>
#include <thread>
#include <utility>

#include "os/clock.h"

namespace pw {
namespace {

constexpr Nanoseconds kCpuEvery{100'000'000};
constexpr Nanoseconds kSuspended{100'000'000};  // the clocks are read one after the other

}  // namespace

void SamplerWorker::loop() {
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
Nanoseconds SamplerWorker::read_once(Schedule& schedule, Nanoseconds due) {
  const Nanoseconds begin = monotonic_now();
  reading.clear();
  reader->read_into(reading);
  const std::lock_guard lock(mutex);
  note_lateness(begin - due);
  note_suspension();
  if (const std::string frozen = freeze->check(reading); !frozen.empty()) warn(reading.front().time, frozen);
  const bool good = take();
  slow_down(schedule);
  const Nanoseconds next = reader->more() ? monotonic_now() : schedule.next(monotonic_now(), good);
  source.missed = schedule.missed();
  source.reconnects = reader->reconnects();
  count_cpu(begin);
  return next;
}

// Asking takes as long as reading a sensor.
void SamplerWorker::count_cpu(Nanoseconds now) {
  if (now < cpu_counted + kCpuEvery) return;
  cpu_counted = now;
  source.cpu = thread_cpu_time();
}

void SamplerWorker::note_lateness(Nanoseconds late) {
  late_sum += to_seconds(late);
  source.late_mean = late_sum / static_cast<double>(++wakes);
  source.late_most = std::max(source.late_most, to_seconds(late));
}

// CLOCK_MONOTONIC stands still meanwhile, and what an energy counter did nobody knows.
void SamplerWorker::note_suspension() {
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

void SamplerWorker::slow_down(Schedule& schedule) {
  if (const auto told = reader->renews()) {
    source.renews = told;
    return;
  }
  const auto renews = renewal.found();
  if (!renews || renews->value < 2 * schedule.period().value) return;
  source.renews = renews;
  schedule.slow_down(*renews);
  notes.push_back({NoteKind::notice, monotonic_now(),
                   fmt::format("{}: its values are renewed every {:.3g} s: it is read that often from now on",
                               source.name, to_seconds(*renews).value)});
}

// Whether any channel has a value, or nothing was to be read.
bool SamplerWorker::take() {
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

void SamplerWorker::note_changes(bool good) {
  const Nanoseconds time = reading.front().time;
  for (const std::string& warning : reader->take_warnings()) warn(time, warning);
  const SampleStatus status = reading.front().status;
  if (good && status == SampleStatus::inactive && !std::exchange(called_inactive, true))
    warn(time, "the BMC calls its power measurement inactive, but tells watts (normal on OpenBMC)");
  if (lost != good || status == SampleStatus::no_value) return;  // the reader says so itself
  lost = !good;
  warn(time, good ? "readings are back" : fmt::format("readings fail ({})", to_text(status)));
}

void SamplerWorker::warn(Nanoseconds time, const std::string& what) {
  notes.push_back({NoteKind::warning, time, source.name + ": " + what});
}

void SamplerWorker::start(const std::shared_ptr<SamplerWorker>& worker) {
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

}  // namespace pw
