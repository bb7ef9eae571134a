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
constexpr int kSlowReadings = 5;                // in a row, each as long as half of its slot

}  // namespace

void SamplerWorker::loop() {
  Schedule schedule = begin_schedule();
  if (reader->over_network()) schedule.back_off();
  suspended_before = suspended();
  Nanoseconds next = schedule.deadline();
  if (!pace.random) next = read_once(schedule, next);  // it is now
  for (Pause::Over over; (over = pause.until(next)) != Pause::Over::ended;) {
    if (over == Pause::Over::woken)
      read_counters();
    else
      next = read_once(schedule, next);
    if (reader->refused()) break;
  }
  if (reader->refused()) note_refusal();
  take_last_bins();
  reader.reset();  // a BMC that is silent lets the end of its session hang, too
  const std::lock_guard lock(mutex);
  end_period(schedule, schedule.slot_number() / pace.parts, monotonic_now());
  for (ChannelWatch& channel : channels) channel.end(samples);
  if (!source.renews) source.renews = longest_renewal();
  source.cpu = thread_cpu_time();
  ended = true;
  wake.notify_all();
}

// A random period is that from 3/4 before a regular deadline to 1/4 behind it: perfwatt power shows its rows
// another 1/4 later.
Schedule SamplerWorker::begin_schedule() {
  const Nanoseconds now = monotonic_now();
  if (!pace.random) return {now, period};
  const Schedule schedule(now - period * 3 / 4, period / pace.parts, static_cast<std::uint64_t>(source.seed),
                          now);
  first_slot = schedule.slot_number();
  return schedule;
}

// The reading of the deadline `due`. When the next is to be.
Nanoseconds SamplerWorker::read_once(Schedule& schedule, Nanoseconds due) {
  const Nanoseconds begin = monotonic_now();
  const std::int64_t period_read = schedule.slot_number() / pace.parts;
  reading.clear();
  if (pace.parts == 1 || std::exchange(read_whole, period_read) != period_read)
    reader->read_into(reading);
  else
    reader->read_kind_into(ChannelKind::instantaneous, reading);
  const std::lock_guard lock(mutex);
  note_lateness(begin - due);
  note_suspension();
  take_bins(false);
  const bool good = take();
  slow_down(schedule);
  const Nanoseconds end = monotonic_now();
  const Nanoseconds next = reader->more() ? end : schedule.next(end, good);
  if (schedule.slot_number() / pace.parts != period_read) end_period(schedule, period_read);
  if (pace.parts > 1) mind_slow_readings(schedule, end - begin);
  source.missed = schedule.missed();
  source.reconnects = reader->reconnects();
  count_cpu(begin);
  return next;
}

void SamplerWorker::mark(Nanoseconds now) {
  edge = now.value;
  if (pace.at_edges) pause.wake();
}

// Besides the deadlines, so that it is neither late nor can miss one.
void SamplerWorker::read_counters() {
  reading.clear();
  reader->read_kind_into(ChannelKind::accumulating, reading);
  const std::lock_guard lock(mutex);
  note_suspension();
  if (reading.empty()) return;
  take_channels();
  for (const std::string& warning : reader->take_warnings()) warn(reading.front().time, warning);
}

// Of a period that sampling began or ended in only a part is known.
void SamplerWorker::end_period(const Schedule& schedule, std::int64_t number,
                               std::optional<Nanoseconds> broken_off) {
  const Nanoseconds from = schedule.begin_of(std::max(number * pace.parts, first_slot));
  Nanoseconds to = schedule.begin_of((number + 1) * pace.parts);
  if (broken_off) to = std::min(to, std::max(from, *broken_off));
  for (ChannelWatch& channel : channels) channel.end_period(from + (to - from) / 2, samples);
}

// A file behind which a slow device stands: as any other source.
void SamplerWorker::mind_slow_readings(Schedule& schedule, Nanoseconds length) {
  slow_readings = length > schedule.slot() / 2 ? slow_readings + 1 : 0;
  if (slow_readings < kSlowReadings) return;
  end_period(schedule, schedule.slot_number() / pace.parts, monotonic_now());
  schedule.join_slots(pace.parts);
  first_slot /= pace.parts;
  pace.parts = 1;
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

void SamplerWorker::take_bins(bool all) {
  for (ServerBin& bin : reader->take_bins(all)) {
    bin.source = source_number;
    bins.push_back(bin);
  }
}

void SamplerWorker::take_last_bins() {
  const std::lock_guard lock(mutex);
  take_bins(true);
}

void SamplerWorker::note_refusal() {
  const std::lock_guard lock(mutex);
  warn(monotonic_now(),
       "it refuses the user or the password, and is not asked again: too many tries lock an account");
}

// To the shortest rhythm of its counters, where all that ever rose have one. Not for power: that is read at
// random.
void SamplerWorker::slow_down(Schedule& schedule) {
  if (const auto told = reader->renews()) {
    source.renews = told;
    return;
  }
  if (pace.random || source.renews) return;
  std::optional<Nanoseconds> rhythm;
  for (const ChannelWatch& channel : channels) {
    if (!channel.ever_changed()) continue;
    if (!channel.renews()) return;
    rhythm = rhythm ? std::min(*rhythm, *channel.renews()) : channel.renews();
  }
  if (!rhythm || *rhythm < schedule.slot() * 2) return;
  source.renews = rhythm;
  schedule.slow_down(*rhythm);
  notes.push_back({NoteKind::notice, monotonic_now(),
                   fmt::format("{}: its values are renewed every {:.3g} s: it is read that often from now on",
                               source.name, to_seconds(*rhythm).value)});
}

// Nothing where a channel has none and is not told to have one.
std::optional<Nanoseconds> SamplerWorker::longest_renewal() const {
  std::optional<Nanoseconds> longest;
  for (const ChannelWatch& channel : channels) {
    const bool told = channel.channel().refresh.value > 0;
    if (!channel.renews() && channel.ever_changed() && !told) return std::nullopt;
    longest = std::max(longest, channel.renews());
  }
  return longest;
}

// Whether the source answers, or nothing was to be read.
bool SamplerWorker::take() {
  if (reading.empty()) {
    for (const std::string& warning : reader->take_warnings()) warn(monotonic_now(), warning);
    return true;
  }
  const bool good = take_channels();
  note_changes(good);
  latest.reset();
  for (const PowerSample& sample : reading)
    if (!latest) latest = sample.watts;
  // One that says that there is no value answers: it is asked again as if there were.
  return good || std::ranges::any_of(reading, [](const PowerSample& sample) {
           return sample.status == SampleStatus::no_value;
         });
}

// Whether any has a value.
bool SamplerWorker::take_channels() {
  if (const std::int64_t time = edge == 0 ? 0 : edge.exchange(0); time != 0)
    for (ChannelWatch& channel : channels) channel.edge({time});
  std::string names, said;
  for (PowerSample& sample : reading) {
    ChannelWatch& channel = channels[static_cast<std::size_t>(sample.channel)];
    const std::string warning = channel.take(sample, samples);
    if (warning.empty()) continue;
    names += (names.empty() ? "" : ", ") + channel.channel().name;
    said = warning;
  }
  if (!said.empty()) warn(reading.front().time, names + ": " + said);
  const bool good = std::any_of(reading.begin(), reading.end(), usable);
  const bool same = std::ranges::all_of(reading, [&](const PowerSample& sample) {
    return !usable(sample) || channels[static_cast<std::size_t>(sample.channel)].repeated();
  });
  ++source.reads;
  if (!good) ++source.failures;
  if (good && same) ++source.repeats;
  return good;
}

void SamplerWorker::note_changes(bool good) {
  const Nanoseconds time = reading.front().time;
  for (const std::string& warning : reader->take_warnings()) warn(time, warning);
  const SampleStatus status = reading.front().status;
  if (good && status == SampleStatus::inactive && !std::exchange(called_inactive, true))
    warn(time, "the BMC calls its power measurement inactive, but tells watts (normal on OpenBMC)");
  if (lost != good || (!good && status == SampleStatus::no_value)) return;  // the reader says so itself
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
