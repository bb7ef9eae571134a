// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/exit_status.h"
#include "os/messages.h"

namespace pw {
namespace {

// Without idle windows: long enough for a reading on either side of the executions. One after them may come
// at the end of the next period.
constexpr double kLongestSettle = 2.0, kPeriodsBefore = 1.1, kPeriodsAfter = 2.1;

// How often it is looked at whether a sensor is late still.
constexpr Seconds kLook{1};

}  // namespace

Recorder::Recorder(const Session& session, const Surroundings& around)
    : session_(session),
      around_(around),
      waiting_(around.world, this),
      dropped_(static_cast<std::size_t>(session.variants())),
      set_up_(dropped_.size()),
      done_(dropped_.size()),
      late_(session.header) {
  if (!session_.stop_when) return;
  if (session_.stop_when->of_variants()) {
    decision_watch_.emplace(*session_.stop_when);
    return;
  }
  stop_watches_.emplace(*session_.stop_when, session_.variants());
  progress_.wanted = session_.stop_when->width;
}

Result<Outcome> Recorder::run() {
  if (Result<> begun = around_.sink.begin(session_.header); !begun) return pass_on(begun);
  const Result<> done = run_phases();
  outcome_.stop_signal = waiting_.stop_signal();
  outcome_.ending = ending(done.has_value());
  const Result<> finished = finish(outcome_.ending);
  if (!done) return pass_on(done);
  if (!finished) return pass_on(finished);
  return outcome_;
}

Ending Recorder::ending(bool well) const {
  if (outcome_.stop_signal != 0 && !usual_end()) return Ending::stopped;
  return well && !outcome_.stopped_in_warmup() && outcome_.untested.empty() ? Ending::complete
                                                                            : Ending::failed;
}

Result<> Recorder::run_phases() {
  if (Result<> noted = add_notes(); !noted) return noted;
  if (Result<> waited = idle(true); !waited) return waited;
  if (Result<> tested = run_tests(); !tested) return tested;
  late_.tests_ended();
  return going() ? idle(false) : Result<>{};
}

Result<> Recorder::add_notes() {
  for (const Note& note : session_.notes)
    if (Result<> noted = around_.sink.note(note); !noted) return noted;
  return {};
}

Result<> Recorder::idle(bool before) {
  progress_.phase = before ? "idle before" : "idle after";
  const Nanoseconds end = waiting_.now() + to_nanoseconds(idle_length(before));
  begin_phase(end, before ? std::nullopt : std::optional(idle_length(before)));
  const Result<std::optional<Window>> nodes = watch_idle_nodes(before);
  if (!nodes) return pass_on(nodes);
  return around_.feed ? watch_idle(*nodes, before) : Result<>{};
}

// The window of the nodes is that of this one.
Result<> Recorder::watch_idle(const std::optional<Window>& nodes, bool before) {
  Window window = nodes.value_or(Window{before, waiting_.now(), {}});
  if (!nodes) {
    const Result<Woke> woke = waiting_.wait(window.begin + to_nanoseconds(idle_length(before)));
    if (!woke) return pass_on(woke);
    window.end = waiting_.now();
  }
  if (!before) {
    const Result<bool> waited = wait_for_late_sensors(window.begin);
    if (!waited) return pass_on(waited);
    if (*waited) window.end = waiting_.now();
  }
  if (before) late_.idle_was(window.begin, window.end);
  if (experiment().idle.value <= 0) return {};
  return around_.sink.window(window);
}

Result<std::optional<Window>> Recorder::watch_idle_nodes(bool before) {
  if (experiment().idle.value <= 0) return std::nullopt;
  const Result<std::optional<NodesIdle>> idle = around_.executor.idle(before, experiment().idle, waiting_);
  if (!idle) return pass_on(idle);
  if (!*idle) return std::nullopt;
  for (const std::string& remark : (*idle)->remarks)
    if (Result<> noted = warn(
            fmt::format("idle power of the nodes {} the tests: {}", before ? "before" : "after", remark));
        !noted)
      return pass_on(noted);
  if (Result<> stored = around_.sink.rank_places((*idle)->places); !stored) return pass_on(stored);
  if (Result<> stored = around_.sink.node_idles((*idle)->idles); !stored) return pass_on(stored);
  return (*idle)->window;
}

Result<bool> Recorder::wait_for_late_sensors(Nanoseconds begin) {
  const Nanoseconds planned = begin + to_nanoseconds(experiment().idle);
  std::optional<LateSensors::Late> why;
  while (going()) {
    const Nanoseconds now = waiting_.now();
    const auto late = experiment().idle.value > 0 ? late_.latest(now) : late_.latest_bins(now);
    const Nanoseconds end = planned + to_nanoseconds(late ? std::min(late->by, late->most) : Seconds{});
    if (!late || waiting_.now() >= end) break;
    why = late;
    begin_phase(end, to_seconds(end - now));
    const Result<Woke> woke = waiting_.wait(std::min(end, waiting_.now() + to_nanoseconds(kLook)));
    if (!woke) return pass_on(woke);
  }
  if (!why) return false;
  const double waited = to_seconds(waiting_.now() - begin).value, planned_s = experiment().idle.value;
  const std::string what =
      planned_s > 0 ? fmt::format("idle power was watched for {:.3g} s after the tests instead of {:.3g} s",
                                  waited, planned_s)
                    : fmt::format("it was waited for {:.3g} s after the tests", waited);
  const Result<> noted = around_.sink.note(
      {NoteKind::notice, waiting_.now(),
       fmt::format("{}: it is up to {:.3g} s late: {}", why->channel, why->by.value, what)});
  return noted ? Result<bool>(true) : pass_on(noted);
}

Seconds Recorder::idle_length(bool before) const {
  if (experiment().idle.value > 0) return experiment().idle;
  double slowest = 0;
  for (const PowerSource& source : session_.header.sources) slowest = std::max(slowest, 1 / source.rate_hz);
  return {std::min(kLongestSettle, slowest * (before ? kPeriodsBefore : kPeriodsAfter))};
}

Result<> Recorder::note_over() {
  if (more() || !going() || enough(all_variants()) || executions_done_ == planned()) return {};
  if (tested_)
    return warn(fmt::format("{}: the run ends after {} (of {} test{} in {} pass{})", over_, latest_,
                            experiment().tests, experiment().tests == 1 ? "" : "s", passes(),
                            passes() == 1 ? "" : "es"));
  outcome_.untested = over_;
  return warn(over_ + " before the first test: no test was counted");
}

Result<> Recorder::note_why_enough() {
  if (!session_.stop_when || !going()) return {};
  const bool reached = enough(all_variants());
  const std::string ending = reached ? ""
                             : !more()
                                 ? ": not reached"
                                 : fmt::format(": not reached within {} tests (-n)", experiment().tests);
  return around_.sink.note(
      {reached ? NoteKind::notice : NoteKind::warning, waiting_.now(), why_enough() + ending});
}

Result<> Recorder::execute(const Step& step) {
  if (dropped_[static_cast<std::size_t>(step.variant)]) return {};
  tell_step(step);
  if (Result<> prepared = run_around(Around::prepare, step); !prepared || !going()) return prepared;
  if (Result<> paused = pause(); !paused || !going()) return paused;
  // Between two passes of a test the next is run: its readings then say why there are none.
  if (step.pass == 1) over_ = around_.executor.over(waiting_.now());
  if (!more()) return {};
  const Result<Ran> ran = around_.executor.run(step, waiting_);
  if (!ran) return pass_on(ran);
  over_ = around_.executor.over(waiting_.now());
  if (!going() && !session_.until_signal) return {};
  if (Result<> kept = keep(*ran); !kept) return kept;
  return run_around(Around::conclude, step);
}

void Recorder::tell_step(const Step& step) {
  progress_.phase = step.test == 0 ? "warm-up" : "test";
  progress_.test = step.test;
  progress_.pass = step.pass;
  progress_.variant = label_of(step.variant);
  begin_phase(std::nullopt, time_left());
}

void Recorder::begin_phase(std::optional<Nanoseconds> end, std::optional<Seconds> left) {
  phase_begin_ = waiting_.now();
  phase_end_ = end;
  left_ = left;
}

void Recorder::tell_time() {
  const auto at_least_0 = [](Seconds time) { return Seconds{std::max(0.0, time.value)}; };
  const Nanoseconds now = waiting_.now();
  progress_.spent = to_seconds(now - phase_begin_);
  progress_.phase_left = phase_end_ ? std::optional(at_least_0(to_seconds(*phase_end_ - now))) : std::nullopt;
  progress_.left = left_ ? std::optional(at_least_0(*left_ - progress_.spent)) : std::nullopt;
}

Result<> Recorder::pause() {
  const Seconds pause = experiment().pause;
  if (executions_done_ == 0 || pause.value <= 0) return {};
  const Result<Woke> woke = waiting_.wait(waiting_.now() + to_nanoseconds(pause));
  return woke ? Result<>{} : pass_on(woke);
}

Result<> Recorder::keep(const Ran& ran) {
  const Execution& execution = ran.execution;
  if (Result<> noted = note_remarks(ran); !noted) return noted;
  ++executions_done_;
  tested_ = tested_ || !execution.warmup();
  ++done_[static_cast<std::size_t>(execution.variant)];
  latest_ = execution_name(execution, experiment());
  executions_time_ += to_seconds(execution.end - execution.begin);
  if (execution.failed() && !outcome_.failed) outcome_.failed = execution;
  outcome_.test_failed = outcome_.test_failed || (execution.failed() && !execution.warmup());
  if (Result<> stored = around_.sink.regions(ran.regions); !stored) return stored;
  if (Result<> stored = around_.sink.rank_places(ran.rank_places); !stored) return stored;
  if (Result<> stored = around_.sink.execution(execution); !stored) return stored;
  if (Result<> dropped = drop_unless_warm(execution); !dropped) return dropped;
  if (!execution.left_out.empty()) return {};
  if (decision_watch_) decision_watch_->add(execution);
  if (stop_watches_) {
    stop_watches_->add(execution);
    progress_.width = stop_watches_->of(execution.variant).width();
  }
  around_.observer.execution(execution);
  return {};
}

Result<> Recorder::warn(const std::string& text) {
  return around_.sink.note({NoteKind::warning, waiting_.now(), text});
}

Result<> Recorder::note_remarks(const Ran& ran) {
  const std::string name = execution_name(ran.execution, experiment()), &reason = ran.execution.left_out;
  if (!reason.empty())
    if (Result<> noted = warn(name + " is left out: " + reason); !noted) return noted;
  for (const std::string& remark : ran.remarks)
    if (Result<> noted = warn(name + ": " + remark); !noted) return noted;
  const std::optional<std::string> left = leftovers_.add(ran, name);
  return left ? warn(*left) : Result<>{};
}

Result<> Recorder::tick() {
  if (around_.feed) {
    std::vector<PowerSample> samples;
    around_.feed->drain(samples);
    late_.read(samples);
    if (Result<> stored = around_.sink.samples(samples); !stored) return stored;
    if (Result<> stored = around_.sink.server_bins(around_.feed->take_bins()); !stored) return stored;
    for (const Note& note : around_.feed->take_notes())
      if (Result<> stored = around_.sink.note(note); !stored) return stored;
    progress_.watts = around_.feed->latest();
  }
  tell_time();
  around_.observer.progress(progress_);
  const std::optional<std::string> trouble = around_.sink.trouble();
  if (!trouble) return {};
  around_.observer.warning(*trouble);
  return warn(*trouble);
}

void Recorder::edge() {
  if (around_.feed) around_.feed->mark();
  late_.edge(waiting_.now());
}

Result<> Recorder::finish(Ending ending) {
  std::vector<PowerSource> sources = session_.header.sources;
  if (around_.feed) {
    sources = around_.feed->stop();
    if (Result<> drained = tick(); !drained) return drained;
  }
  if (const auto told = leftovers_.summary())
    if (Result<> noted = warn(*told); !noted) return noted;
  if (const std::int64_t unread = unread_messages(); unread > 0)
    if (Result<> noted = warn(fmt::format("{} bytes of messages: nobody reads standard error", unread));
        !noted)
      return noted;
  if (ending == Ending::stopped)
    if (Result<> noted = note_where_stopped(); !noted) return noted;
  return around_.sink.end(ending, waiting_.now(), sources);
}

Result<> Recorder::note_where_stopped() {
  return around_.sink.note(
      {NoteKind::warning, waiting_.now(),
       fmt::format("stopped by {} in {} {}, pass {}: that execution is not kept",
                   signal_name(outcome_.stop_signal), progress_.phase, progress_.test, progress_.pass)});
}

std::optional<Seconds> Recorder::time_left() const {
  if (executions_done_ == 0 || session_.stop_when) return std::nullopt;
  const int total = planned();
  const Seconds each = executions_time_ / executions_done_ + experiment().pause;
  return each * (total - executions_done_) + (around_.feed ? experiment().idle : Seconds{0});
}

}  // namespace pw
