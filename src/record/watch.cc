// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/watch.h"

#include <algorithm>

namespace pw {

Watch::Watch(const WatchPlan& plan, World& world, Feed& feed, Sink* sink, WatchObserver& observer)
    : plan_(plan),
      feed_(feed),
      sink_(sink),
      observer_(observer),
      waiting_(world),
      spans_(plan.header.channels.size()) {
  if (plan.duration) last_ = plan.header.start + to_nanoseconds(*plan.duration);
}

Result<Ending> Watch::run() {
  if (const Result<> begun = begin(); !begun) return pass_on(begun);
  observer_.begin();
  const Result<bool> stopped = watch();
  if (!stopped) return pass_on(stopped);
  return finish(*stopped && plan_.duration ? Ending::stopped : Ending::complete);
}

Result<> Watch::begin() {
  if (!sink_) return {};
  Result<> begun = sink_->begin(plan_.header);
  for (const std::string& refusal : plan_.refusals)
    if (begun) begun = sink_->note({NoteKind::refusal, plan_.header.start, refusal});
  return begun;
}

Result<bool> Watch::watch() {
  const Nanoseconds interval = to_nanoseconds(plan_.interval);
  // So that each row has its own reading: half an interval behind a regular one, a quarter behind the end of
  // the interval in which one comes at random.
  for (Nanoseconds next = plan_.header.start + interval / 2; !over(); next += interval) {
    const Result<Woke> woke = waiting_.wait(last_ ? std::min(next, *last_) : next);
    if (const Result<> taken = take(); !taken) return pass_on(taken);
    show(next - interval / 4);
    if (*woke == Woke::stopped) return true;
    if (!over() && !observer_.interval(elapsed())) break;
  }
  return false;
}

bool Watch::over() const { return last_ && waiting_.now() >= *last_; }

Result<> Watch::take() {
  std::vector<PowerSample> samples;
  feed_.drain(samples);
  for (const PowerSample& sample : samples)
    if (usable(sample)) enclose(sample);
  unseen_.insert(unseen_.end(), samples.begin(), samples.end());
  for (const Note& note : feed_.take_notes()) {
    observer_.note(note);
    if (sink_)
      if (Result<> noted = sink_->note(note); !noted) return noted;
  }
  if (!sink_) return {};
  if (const auto trouble = sink_->trouble()) {
    const Note note{NoteKind::warning, waiting_.now(), *trouble};
    observer_.note(note);
    if (Result<> noted = sink_->note(note); !noted) return noted;
  }
  if (Result<> stored = sink_->server_bins(feed_.take_bins()); !stored) return stored;
  return samples.empty() ? Result<>() : sink_->samples(samples);
}

// In the order of time within a channel all the same.
void Watch::show(std::optional<Nanoseconds> up_to) {
  const auto later = std::stable_partition(unseen_.begin(), unseen_.end(), [&](const PowerSample& sample) {
    return !up_to || sample.time < *up_to || !one_a_row(sample);
  });
  if (later != unseen_.begin()) observer_.samples({unseen_.begin(), later});
  unseen_.erase(unseen_.begin(), later);
}

bool Watch::one_a_row(const PowerSample& sample) const {
  const Channel& channel = plan_.header.channels[static_cast<std::size_t>(sample.channel)];
  return source_of(plan_.header, channel).rate_hz * plan_.interval.value < 1.5;
}

void Watch::enclose(const PowerSample& sample) {
  Span& span = spans_[static_cast<std::size_t>(sample.channel)];
  if (!span.first) span.first = sample.time;
  span.last = sample.time;
}

Result<Ending> Watch::finish(Ending ending) {
  const Nanoseconds end = waiting_.now();
  const std::vector<PowerSource> counted = feed_.stop();
  if (const Result<> taken = take(); !taken) return pass_on(taken);
  show(std::nullopt);
  observer_.end(to_seconds(end - plan_.header.start));
  if (sink_)
    if (const Result<> stored = store(ending, end, counted); !stored) return pass_on(stored);
  return ending;
}

// The whole time is one execution, so that energy is computed and charted as that of any run.
Result<> Watch::store(Ending ending, Nanoseconds end, std::span<const PowerSource> counted) {
  if (Result<> stored = sink_->execution(whole(end)); !stored) return stored;
  return sink_->end(ending, end, counted);
}

// Between readings of every energy counter: of what comes before and after them no energy is known. A value
// may be as old as its sensor's refresh, but for means (power/reader/bins.h), whose times are their own.
Execution Watch::whole(Nanoseconds end) const {
  Execution whole;
  whole.test = 1;
  whole.begin = plan_.header.start;
  whole.end = end;
  for (std::size_t i = 0; i < spans_.size(); ++i) {
    const Channel& channel = plan_.header.channels[i];
    if (channel.kind != ChannelKind::accumulating || !spans_[i].first) continue;
    const Nanoseconds first = std::max(whole.begin, *spans_[i].first);
    const Nanoseconds age = channel.averages.value > 0 ? Nanoseconds{} : channel.refresh * 2;
    const Nanoseconds last = std::min(whole.end, spans_[i].last - age);
    if (first < last) whole.begin = first, whole.end = last;
  }
  return whole;
}

}  // namespace pw
