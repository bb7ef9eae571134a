// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/command_run.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "model/columns.h"
#include "os/command/usage.h"
#include "record/count_target.h"

namespace pw {
namespace {

constexpr Nanoseconds kLongestDying{5'000'000'000};  // of what was killed
constexpr Nanoseconds kFlush{50'000'000};            // that what was left may need to end by itself
constexpr Nanoseconds kBrief{50'000'000};            // too short to be worth a word

}  // namespace

CommandRun::CommandRun(const Session& session, Child& child, const ExecutionCounters& counters,
                       TargetEnds& ends, CountsSeen& seen)
    : session_(session),
      child_(child),
      counters_(counters),
      ends_(ends),
      seen_(seen),
      output_(session.captures, session.show_output) {}

void CommandRun::valued(std::vector<Fact> values, std::string program) {
  values_ = std::move(values);
  program_ = std::move(program);
}

Result<> CommandRun::start(const StateReader& states, Waiting& waiting) {
  const std::optional<Seconds>&delay = experiment().delay, &interval = experiment().interval;
  execution_.before = states.read();
  if (!delay) counters_.start();
  waiting.edge();
  const bool alone = session_.target.kind != CountTarget::Kind::command;  // counted from now on
  const Nanoseconds now = waiting.now();
  const Result<Nanoseconds> begin = child_.resume();
  if (!begin) return pass_on(begin);
  execution_.begin = alone ? now : *begin;
  if (delay) counters_start_ = execution_.begin + to_nanoseconds(*delay);
  if (interval) next_interval_ = execution_.begin + to_nanoseconds(*interval);
  return {};
}

std::optional<Nanoseconds> CommandRun::deadline() const {
  const auto& timeout = experiment().timeout;
  return timeout ? std::optional(execution_.begin + to_nanoseconds(*timeout)) : std::nullopt;
}

void CommandRun::child_changed(Nanoseconds now) {
  child_end_ = child_.reap(counters_.tracer());
  if (!child_end_ || stopped_) return;
  seen_at_ = now;
  ended_at_ = child_end_->time ? std::clamp(*child_end_->time, execution_.begin, now) : now;
}

void CommandRun::stop(Nanoseconds now) {
  counters_.stop();
  ended_at_ = seen_at_ = now;
  stopped_ = true;
}

void CommandRun::leave_out(const std::string& reason) {
  if (!execution_.left_out.empty()) execution_.left_out += "; ";
  execution_.left_out += reason;
}

void CommandRun::suspend() { child_.signal(SIGSTOP); }

void CommandRun::go_on(Nanoseconds suspended) {
  child_.signal(SIGCONT);
  leave_out(fmt::format("it was stopped by Ctrl-Z for {:.3g} s", to_seconds(suspended).value));
}

std::optional<Nanoseconds> CommandRun::attend(Nanoseconds now) {
  ends_.look(now);
  if (requests_) requests_->serve();
  if (counters_start_ && now >= *counters_start_) {
    counters_.start();
    counters_start_.reset();
  }
  if (next_interval_ && now >= *next_interval_) read_interval(now);
  if (!counters_start_ || !next_interval_) return counters_start_ ? counters_start_ : next_interval_;
  return std::min(*counters_start_, *next_interval_);
}

void CommandRun::never_started() {
  for (Reading& reading : execution_.readings) {
    reading.status = CountStatus::not_counted;
    reading.reason = fmt::format("the command ended before --delay was over ({:.4g} ms)",
                                 1000 * experiment().delay->value);
  }
}

void CommandRun::doubt_counts() {
  const auto& user = session_.child.user;
  const bool ends =
      exec_ends_counters(program_, user ? user->uid : ::getuid(), user ? user->gid : ::getgid());
  if (ends || !seen_.as_before(execution_.readings))
    mark_uncounted(execution_.readings, session_.counting, execution_.user + execution_.system, ends);
  seen_.add(execution_.readings);
}

void CommandRun::tell_ends(const Step& step) {
  ends_.look(ended_at_);
  const bool until_end = session_.child.command == command_until_end(session_.target);
  ran_.remarks = ends_.take_remarks(execution_.begin, until_end);
  if (!ends_.all()) return;
  const auto& passes = session_.counting.passes;
  for (auto pass = static_cast<std::size_t>(step.pass - 1); pass < passes.size(); ++pass)
    add_uncounted(execution_.readings, passes[pass].events,
                  fmt::format("{} ended before pass {} began", ends_.text(), pass + 1));
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
  const Nanoseconds last = waiting.now() + kLongestDying;
  Result<Woke> killed = Woke::stopped;
  while (killed && *killed == Woke::stopped) killed = waiting.wait_on(last, *this);
  if (!killed) return pass_on(killed);
  if (*killed == Woke::ended) return {};
  return fail(Failure::measurement, fmt::format("process {} does not end, not even by SIGKILL", child_.pid()),
              "", "it waits for a device or a network disk: see its state in /proc");
}

// The starter saw the end where it knows it; else we did, if we were there.
void CommandRun::doubt_time(Nanoseconds late) {
  const Nanoseconds lasted = ended_at_ - execution_.begin, most = std::max(kBrief, lasted / 50);
  const bool command = session_.target.kind == CountTarget::Kind::command;
  const Nanoseconds missed = command ? (child_end_->time ? Nanoseconds{} : late) : seen_at_ - ended_at_;
  if (missed <= most) return;
  leave_out(fmt::format("perfwatt itself was stopped or had no CPU for {:.3g} s, so that {}",
                        to_seconds(missed).value,
                        command ? "when it ended is unknown" : "more was counted than its time"));
}

void CommandRun::find_left(Woke woke) {
  ran_.met = child_.met_others();
  if (woke != Woke::ended && !child_.kill_left(kFlush, kLongestDying))
    ran_.remarks.push_back("some of what it started could not be ended");
  for (const pid_t one : child_.left_after(woke == Woke::ended ? kFlush : Nanoseconds{}))
    ran_.left.push_back(process_of(one));
  if (!ran_.left.empty()) child_.read_on();
}

void CommandRun::take_end(const Step& step, Woke woke) {
  execution_.test = step.test;
  execution_.pass = step.pass;
  execution_.timed_out = woke == Woke::deadline;
  execution_.end = ended_at_;
  take_usage(execution_, child_end_->usage);
  if (!stopped_) execution_.exit_status = child_end_->exit_status, execution_.signal = child_end_->signal;
  execution_.variant = step.variant;
  for (const Fact& one : step.drawn) execution_.before.push_back({std::string(kVaried) + one.key, one.value});
  execution_.items =
      items_of(session_.arrangement.items, values_).value_or(std::nullopt);  // which was checked
}

Ran CommandRun::finish(const Step& step, Woke woke, const StateReader& states, Nanoseconds late) {
  counters_.stop();
  execution_.readings = counters_.read();
  if (counters_start_) never_started();
  execution_.after = states.read();
  execution_.parts = counters_.read_parts();
  take_end(step, woke);
  if (session_.target.kind == CountTarget::Kind::command && !experiment().delay && !session_.job)
    doubt_counts();
  if (experiment().interval) add_interval(execution_.end, execution_.readings);
  tell_ends(step);
  output_.read_from(child_.output());
  output_.finish();
  execution_.captures = output_.captures();
  execution_.output = output_.kept();
  execution_.output_bytes = output_.bytes();
  if (output_.not_shown() > 0)
    ran_.remarks.push_back(
        fmt::format("{} bytes of its output were not shown: nobody read them", output_.not_shown()));
  doubt_time(late);
  find_left(woke);
  ran_.execution = std::move(execution_);
  return std::move(ran_);
}

}  // namespace pw
