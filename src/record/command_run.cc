// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/command_run.h"

#include <signal.h>

#include <algorithm>

namespace pw {
namespace {

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

}  // namespace

CommandRun::CommandRun(const Session& session, Child& child, const ExecutionCounters& counters)
    : session_(session), child_(child), counters_(counters), output_(session.captures, session.show_output) {}

Result<> CommandRun::start(const StateReader& states, Waiting& waiting) {
  const std::optional<Seconds>&delay = experiment().delay, &interval = experiment().interval;
  execution_.before = states.read();
  if (!delay) counters_.start();
  waiting.edge();
  execution_.begin = waiting.now();
  if (delay) counters_start_ = execution_.begin + to_nanoseconds(*delay);
  if (interval) next_interval_ = execution_.begin + to_nanoseconds(*interval);
  return child_.resume();
}

std::optional<Nanoseconds> CommandRun::deadline() const {
  const auto& timeout = experiment().timeout;
  return timeout ? std::optional(execution_.begin + to_nanoseconds(*timeout)) : std::nullopt;
}

void CommandRun::child_changed(Nanoseconds now) {
  ended_at_ = now;
  child_end_ = child_.reap(counters_.tracer());
}

std::optional<Nanoseconds> CommandRun::attend(Nanoseconds now) {
  if (counters_start_ && now >= *counters_start_) {
    counters_.start();
    counters_start_.reset();
  }
  if (next_interval_ && now >= *next_interval_) read_interval(now);
  if (!counters_start_ || !next_interval_) return counters_start_ ? counters_start_ : next_interval_;
  return std::min(*counters_start_, *next_interval_);
}

void CommandRun::read_interval(Nanoseconds now) {
  add_interval(now, counters_.read());
  const Nanoseconds period = to_nanoseconds(*experiment().interval);
  while (*next_interval_ <= now) *next_interval_ += period;
}

void CommandRun::add_interval(Nanoseconds now, const std::vector<Reading>& readings) {
  for (const Reading& reading : readings) execution_.intervals.push_back({now, reading});
}

Result<> CommandRun::end(Nanoseconds grace, Waiting& waiting) {
  counters_start_.reset();
  next_interval_.reset();
  child_.signal(SIGTERM);
  const Result<Woke> asked = waiting.wait_on(waiting.now() + grace, *this);
  if (!asked) return pass_on(asked);
  if (*asked == Woke::ended) return {};
  child_.signal(SIGKILL);
  const Result<Woke> killed = waiting.wait_on(std::nullopt, *this);
  return killed ? Result<>{} : pass_on(killed);
}

Execution CommandRun::finish(const Step& step, bool timed_out, const StateReader& states) {
  counters_.stop();
  execution_.readings = counters_.read();
  execution_.after = states.read();
  execution_.parts = counters_.read_parts();
  execution_.test = step.test;
  execution_.pass = step.pass;
  execution_.timed_out = timed_out;
  execution_.end = ended_at_;
  if (experiment().interval) add_interval(execution_.end, execution_.readings);
  output_.read_from(child_.output());
  output_.finish();
  take_usage(execution_, child_end_->usage);
  execution_.exit_status = child_end_->exit_status;
  execution_.items = experiment().items;
  execution_.captures = output_.captures();
  execution_.output = output_.kept();
  execution_.output_bytes = output_.bytes();
  return std::move(execution_);
}

}  // namespace pw
