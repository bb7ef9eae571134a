// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/recorder.h"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>

#include "os/clock.h"

namespace pw {
namespace {

constexpr Nanoseconds kTick{500'000'000};
constexpr Nanoseconds kDrain{20'000'000};     // between looks at the reports of ended threads
constexpr Nanoseconds kGrace{2'000'000'000};  // from SIGTERM to SIGKILL
// Without idle windows: long enough for a reading on either side of the executions.
constexpr double kLongestSettle = 2.0;

Seconds seconds_of(timeval t) {
  return {static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6};
}

void take_usage(Execution& execution, const rusage& usage) {
  execution.user = seconds_of(usage.ru_utime);
  execution.system = seconds_of(usage.ru_stime);
  execution.max_rss_kb = usage.ru_maxrss;
  execution.voluntary_switches = usage.ru_nvcsw;
  execution.involuntary_switches = usage.ru_nivcsw;
  execution.minor_faults = usage.ru_minflt;
  execution.major_faults = usage.ru_majflt;
}

void add_interval(Execution& execution, Nanoseconds time, const std::vector<Reading>& readings) {
  for (const Reading& reading : readings) execution.intervals.push_back({time, reading});
}

int milliseconds_until(Nanoseconds when) {
  const std::int64_t left = (when - monotonic_now()).value;
  return left <= 0 ? 0 : static_cast<int>(std::min<std::int64_t>((left + 999'999) / 1'000'000, 60'000));
}

}  // namespace

Recorder::Recorder(const Session& session, Sampler* sampler, const SignalQueue& signals, Sink& sink,
                   Observer& observer)
    : session_(session), sampler_(sampler), signals_(signals), sink_(sink), observer_(observer) {
  if (!session_.stop_when) return;
  stop_watch_.emplace(*session_.stop_when);
  progress_.wanted = session_.stop_when->width;
}

Result<Outcome> Recorder::run() {
  if (Result<> begun = sink_.begin(session_.header); !begun) return pass_on(begun);
  const Result<> done = run_phases();
  outcome_.ending = outcome_.stop_signal != 0             ? Ending::stopped
                    : done && !outcome_.stopped_in_warmup ? Ending::complete
                                                          : Ending::failed;
  const Result<> finished = finish(outcome_.ending);
  if (!done) return pass_on(done);
  if (!finished) return pass_on(finished);
  return outcome_;
}

Result<> Recorder::run_phases() {
  next_tick_ = monotonic_now();
  for (const Note& note : session_.notes)
    if (Result<> noted = sink_.note(note); !noted) return noted;
  if (Result<> waited = idle(true); !waited) return waited;
  if (Result<> tested = run_tests(); !tested) return tested;
  return going() ? idle(false) : Result<>{};
}

Result<> Recorder::idle(bool before) {
  if (!sampler_) return {};
  progress_.phase = before ? "idle before" : "idle after";
  const Nanoseconds begin = monotonic_now();
  const Seconds idle = session_.header.experiment.idle;
  double slowest = 0;
  for (const PowerSource& source : session_.header.sources) slowest = std::max(slowest, 1.1 / source.rate_hz);
  const Seconds length = idle.value > 0 ? idle : Seconds{std::min(kLongestSettle, slowest)};
  const Result<Woke> woke = wait(begin + to_nanoseconds(length));
  if (!woke) return pass_on(woke);
  return idle.value > 0 ? sink_.window({before, begin, monotonic_now()}) : Result<>{};
}

Result<> Recorder::run_tests() {
  const Experiment& experiment = session_.header.experiment;
  const int passes = static_cast<int>(session_.counting.passes.size());
  for (int i = 0; i < experiment.warmups && going(); ++i)
    if (Result<> ran = execute(0, 1); !ran) return ran;
  for (int test = 1; test <= experiment.tests && going() && !enough(); ++test)
    for (int pass = 1; pass <= passes && going(); ++pass)
      if (Result<> ran = execute(test, pass); !ran) return ran;
  return note_why_stopped();
}

Result<> Recorder::note_why_stopped() {
  if (!stop_watch_ || !going()) return {};
  const std::string ending =
      enough() ? "" : fmt::format(": not reached within {} tests (-n)", session_.header.experiment.tests);
  return sink_.note(
      {enough() ? NoteKind::notice : NoteKind::warning, monotonic_now(), stop_watch_->text() + ending});
}

Result<> Recorder::execute(int test, int pass) {
  progress_.phase = test == 0 ? "warm-up" : "test";
  progress_.test = test;
  progress_.pass = pass;
  progress_.left = time_left();
  if (executions_done_ > 0 && session_.header.experiment.pause.value > 0) {
    const Result<Woke> woke = wait(monotonic_now() + to_nanoseconds(session_.header.experiment.pause));
    if (!woke) return pass_on(woke);
    if (!going()) return {};
  }
  const Result<Execution> execution = run_child(test, pass);
  if (!execution) return pass_on(execution);
  if (!going()) return {};
  ++executions_done_;
  executions_time_ += to_seconds(execution->end - execution->begin);
  if (execution->failed() && !outcome_.failed) outcome_.failed = *execution;
  if (execution->failed() && execution->warmup()) outcome_.stopped_in_warmup = true;
  if (Result<> stored = sink_.execution(*execution); !stored) return stored;
  if (stop_watch_) {
    stop_watch_->add(*execution);
    progress_.width = stop_watch_->width();
  }
  observer_.execution(*execution);
  return {};
}

// The counters are watched while this lives.
class Recorder::Watching {
 public:
  Watching(Recorder& recorder, Watched& watched) : recorder_(recorder) { recorder_.watched_ = &watched; }
  ~Watching() { recorder_.watched_ = nullptr; }
  Watching(const Watching&) = delete;
  Watching& operator=(const Watching&) = delete;

 private:
  Recorder& recorder_;
};

Result<Execution> Recorder::run_child(int test, int pass) {
  Result<Child> child = Child::spawn_stopped(session_.child);
  if (!child) return pass_on(child);
  const Experiment& experiment = session_.header.experiment;
  const Result<ExecutionCounters> opened = ExecutionCounters::open(
      session_.counting, pass, session_.target, child->pid(), experiment.delay.has_value());
  if (!opened) return pass_on(opened);
  const ExecutionCounters& counters = *opened;
  OutputScanner output(session_.captures, session_.show_output);
  Execution execution;
  execution.test = test;
  execution.pass = pass;
  child_end_.reset();
  execution.before = states_.read();
  if (!experiment.delay) counters.start();
  execution.begin = monotonic_now();
  Watched watched{counters, execution, {}, {}};
  if (experiment.delay) watched.start = execution.begin + to_nanoseconds(*experiment.delay);
  if (experiment.interval) watched.interval = execution.begin + to_nanoseconds(*experiment.interval);
  const Watching watching(*this, watched);
  if (Result<> resumed = child->resume(); !resumed) return pass_on(resumed);
  std::optional<Nanoseconds> deadline;
  if (const auto& timeout = experiment.timeout) deadline = execution.begin + to_nanoseconds(*timeout);
  const Result<Woke> woke = wait(deadline, &*child, &output);
  if (!woke) return pass_on(woke);
  if (*woke != Woke::child_ended) {
    execution.timed_out = *woke == Woke::deadline;
    if (Result<> ended = end_child(*child, output); !ended) return pass_on(ended);
  }
  counters.stop();
  execution.end = child_ended_at_;
  execution.readings = counters.read();
  execution.after = states_.read();
  execution.parts = counters.read_parts();
  if (experiment.interval) add_interval(execution, execution.end, execution.readings);
  output.read_from(child->output());
  output.finish();
  take_usage(execution, child_end_->usage);
  execution.exit_status = child_end_->exit_status;
  execution.items = session_.header.experiment.items;
  execution.captures = output.captures();
  execution.output = output.kept();
  execution.output_bytes = output.bytes();
  return execution;
}

Result<Recorder::Woke> Recorder::wait(std::optional<Nanoseconds> until, Child* child, OutputScanner* output) {
  bool output_open = output != nullptr;
  while (true) {
    take_signals(child);
    if (child && child_end_) return Woke::child_ended;
    if (outcome_.stop_signal != 0) return Woke::stopped;
    if (until && monotonic_now() >= *until) return Woke::deadline;
    if (monotonic_now() >= next_tick_)
      if (Result<> ticked = tick(); !ticked) return pass_on(ticked);
    Nanoseconds next = until ? std::min(*until, next_tick_) : next_tick_;
    if (const auto due = watch_counters()) next = std::min(next, *due);
    pollfd waits[2] = {{signals_.fd(), POLLIN, 0}, {output_open ? child->output() : -1, POLLIN, 0}};
    ::poll(waits, 2, milliseconds_until(next));
    if (waits[1].revents != 0) output_open = output->read_from(child->output());
  }
}

std::optional<Nanoseconds> Recorder::watch_counters() {
  if (!watched_) return std::nullopt;
  const Nanoseconds now = monotonic_now();
  std::optional<Nanoseconds> next;
  const auto wake = [&](Nanoseconds when) { next = next ? std::min(*next, when) : when; };
  if (watched_->start && now >= *watched_->start) {
    watched_->counters.start();
    watched_->start.reset();
  }
  if (watched_->start) wake(*watched_->start);
  if (watched_->interval && now >= *watched_->interval) read_interval(now);
  if (watched_->interval) wake(*watched_->interval);
  return next;
}

void Recorder::read_interval(Nanoseconds now) {
  add_interval(watched_->execution, now, watched_->counters.read());
  const Nanoseconds period = to_nanoseconds(*session_.header.experiment.interval);
  while (*watched_->interval <= now) *watched_->interval += period;
}

void Recorder::take_signals(Child* child) {
  while (const std::optional<int> signal = signals_.take()) {
    if (*signal != SIGCHLD)
      outcome_.stop_signal = *signal;
    else if (child && !child_end_) {
      child_ended_at_ = monotonic_now();
      child_end_ = child->reap(watched_ ? watched_->counters.tracer() : nullptr);
    }
  }
}

Result<> Recorder::end_child(Child& child, OutputScanner& output) {
  for (const int signal : {SIGTERM, SIGKILL}) {
    child.signal(signal);
    const Nanoseconds patience = monotonic_now() + kGrace;
    while (!child_end_ && (signal == SIGKILL || monotonic_now() < patience)) {
      pollfd waits = {signals_.fd(), POLLIN, 0};
      ::poll(&waits, 1, 50);
      output.read_from(child.output());
      take_signals(&child);
      if (monotonic_now() >= next_tick_)
        if (Result<> ticked = tick(); !ticked) return ticked;
    }
    if (child_end_) break;
  }
  return {};
}

Result<> Recorder::tick() {
  next_tick_ = monotonic_now() + kTick;
  if (sampler_) {
    std::vector<PowerSample> samples;
    sampler_->drain(samples);
    if (Result<> stored = sink_.samples(samples); !stored) return stored;
    for (const Note& note : sampler_->take_notes())
      if (Result<> stored = sink_.note(note); !stored) return stored;
    progress_.watts = sampler_->latest();
  }
  observer_.progress(progress_);
  return {};
}

Result<> Recorder::finish(Ending ending) {
  std::vector<PowerSource> sources = session_.header.sources;
  if (sampler_) {
    sources = sampler_->stop();
    if (Result<> drained = tick(); !drained) return drained;
  }
  if (ending == Ending::stopped) {
    const Note note{NoteKind::warning, monotonic_now(),
                    fmt::format("stopped by signal {} in {} {}, pass {}: that execution is not kept",
                                outcome_.stop_signal, progress_.phase, progress_.test, progress_.pass)};
    if (Result<> noted = sink_.note(note); !noted) return noted;
  }
  return sink_.end(ending, monotonic_now(), sources);
}

std::optional<Seconds> Recorder::time_left() const {
  if (executions_done_ == 0 || stop_watch_) return std::nullopt;
  const Experiment& experiment = session_.header.experiment;
  const int total = experiment.warmups + experiment.tests * static_cast<int>(session_.counting.passes.size());
  const Seconds each = executions_time_ / executions_done_ + experiment.pause;
  return each * (total - executions_done_) + (sampler_ ? experiment.idle : Seconds{0});
}

}  // namespace pw
