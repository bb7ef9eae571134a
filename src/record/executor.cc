// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/executor.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>

#include "base/text.h"
#include "collect/collect_folder.h"
#include "job/words.h"
#include "record/around/around_command.h"
#include "record/command_run.h"
#include "record/marks/mark_counting.h"
#include "record/variants/placeholders.h"
#include "regions/region_slab.h"

namespace pw {
namespace {

constexpr Nanoseconds kPatience{50'000'000};  // with what a command around the tests left
constexpr const char* kShell = "/bin/sh";

std::vector<Fact> values_of(const Session& session, const Step& step) {
  std::vector<Fact> values = session.arrangement.variants[static_cast<std::size_t>(step.variant)];
  values.insert(values.end(), step.drawn.begin(), step.drawn.end());
  return values;
}

// `child`, with the values in its words.
Result<ChildOptions> with_values(ChildOptions child, std::span<const Fact> values) {
  if (values.empty()) return child;
  auto words = filled(child.command, values);
  auto input = filled(child.input, values);
  if (!words) return pass_on(words);
  if (!input) return pass_on(input);
  child.command = std::move(*words);
  child.input = std::move(*input);
  child.variables = variables_of(values);
  return child;
}

// Of the first variant, the launcher of a job without its programs, whose values may be drawn later.
Result<ChildOptions> launcher_alone(const Session& session) {
  auto words = without_programs(session.child.command);
  if (!words) return fail(Failure::input, "the command starts some program without perfwatt rank, too");
  ChildOptions child = session.child;
  child.command = std::move(*words);
  child.input.clear(), child.input_at.reset();  // that of the executions
  return with_values(std::move(child), values_of(session, {}));
}

// Of ours, wherever it may run.
Result<ChildOptions> shell_of(const Session& session, Around kind, std::span<const Fact> values) {
  const Result<std::string> script = filled(session.arrangement.command(kind), values);
  if (!script) return pass_on(script);
  ChildOptions child;
  child.command = {kShell, "-c", *script};
  child.variables = variables_of(values);
  return child;
}

// Why marks of this session have time only; "": they count.
std::string why_time_only(const Session& session) {
  if (session.target.threads_of_command()) return "regions have time only: --per thread counts each thread";
  if (session.header.experiment.delay) return "regions have time only: --delay counts from later on";
  return "";
}

// A server that it started may go on.
void leave(const Child& child) {
  if (!child.left_after(kPatience).empty()) child.read_on();
}

void arm(const AskedRegions& choice, ChildOptions& child) {
  CommandEnvironment environment(child.variables);
  for (const Collector* const one : choice.armed) one->arm(collect_folder(), environment);
}

}  // namespace

Result<AroundRan> CommandExecutor::around(Around kind, const Step& step, Waiting& waiting, bool heed) {
  const Result<ChildOptions> options = shell_of(session_, kind, values_of(session_, step));
  if (!options) return pass_on(options);
  Result<Child> child = Child::spawn_stopped(*options);
  if (!child) return pass_on(child);
  AroundCommand command(*child, session_.show_output);
  const Result<Nanoseconds> begin = child->resume();
  if (!begin) return pass_on(begin);
  const Result<Woke> woke =
      heed ? waiting.wait(std::nullopt, &command) : waiting.wait_on(std::nullopt, command);
  if (!woke) return pass_on(woke);
  AroundRan ran{{kind, *begin, waiting.now()}, {}};
  if (*woke == Woke::ended) ran.how_failed = command.how_failed();
  if (*woke == Woke::ended) leave(*child);
  return ran;
}

Result<Ran> CommandExecutor::run(const Step& step, Waiting& waiting) {
  const std::vector<Fact> values = values_of(session_, step);
  Result<ChildOptions> options = with_values(session_.child, values);
  if (!options) return pass_on(options);
  std::optional<RegionSlab> slab = session_.regions.marks ? RegionSlab::make() : std::nullopt;
  if (slab && slab->hand_to(*options)) arm(session_.regions, *options);
  const Result<int> number = job_ ? begin_job(step.pass, *options) : Result<int>(0);
  if (!number) return pass_on(number);
  Result<Child> child = Child::spawn_stopped(*options);
  if (!child) return pass_on(child);
  const bool delayed = session_.header.experiment.delay.has_value();
  CountTarget target = session_.target;
  ends_.look(waiting.now());
  target.processes = ends_.running();
  const Result<ExecutionCounters> counters =
      job_ ? ExecutionCounters::of_machine(session_.counting, step.pass)
           : ExecutionCounters::open(session_.counting, step.pass, target, child->pid(), delayed);
  if (!counters) return pass_on(counters);
  const std::string why = session_.region_scope == RegionScope::none ? "" : why_time_only(session_);
  MarkCounting counting = why.empty()
                              ? MarkCounting(session_.region_scope, session_.counting, step.pass, *counters)
                              : MarkCounting(why);
  if (slab) child->give(counting.begin(*slab));
  CommandRun command(session_, *child, *counters, ends_, seen_[step.variant]);
  if (counting.requests()) command.serve(*counting.requests());
  command.valued(values, options->command.front());
  if (Result<> started = command.start(states_, waiting); !started) return pass_on(started);
  const Result<Woke> woke = waiting.wait(command.deadline(), &command);
  if (!woke) return pass_on(woke);
  if (*woke == Woke::stopped && session_.until_signal) command.stop(waiting.now());
  if (*woke != Woke::ended)
    if (Result<> ended = command.end(grace_, waiting); !ended) return pass_on(ended);
  Ran ran = command.finish(step, *woke, states_, waiting.latest_wake());
  if (job_)
    if (Result<> gathered = gather_ranks(*number, ran, waiting); !gathered) return pass_on(gathered);
  if (slab) ran.regions = gatherer_.gather(slab->content(), counting.marks(), ran.execution, ran.remarks);
  return ran;
}

Result<int> CommandExecutor::begin_job(int pass, ChildOptions& options) {
  RankPlan plan = rank_plan(session_.counting, pass);
  plan.power = session_.rank_power;
  const Result<int> number = job_->begin(plan);
  if (!number) return number;
  options.command = with_job(options.command, job_->path().string(), *number);
  ranks_.begin(execution_folder(job_->path(), *number), std::move(plan.events));
  return number;
}

Result<std::optional<NodesIdle>> CommandExecutor::idle(bool before, Seconds length, Waiting& waiting) {
  if (!job_ || !session_.rank_power || !nodes_watched_) return std::nullopt;
  NodesIdle idle;
  Result<ChildOptions> options = launcher_alone(session_);
  if (!options) {
    idle.remarks = {one_line(options.error())};
    return idle;
  }
  RankPlan plan;
  plan.power = session_.rank_power;
  const Result<int> number = job_->begin(plan);
  if (!number) return pass_on(number);
  options->command = with_job(options->command, job_->path().string(), *number, length);
  ranks_.begin(execution_folder(job_->path(), *number), {});
  Result<NodesIdle> watched = watch_nodes(*options, ranks_, {before, length, grace_}, waiting);
  if (!watched) return pass_on(watched);
  const auto reads = [](const NodeIdle& one) { return one.power.readings > 0; };
  nodes_watched_ = !watched->hung && (watched->idles.empty() || std::ranges::any_of(watched->idles, reads));
  return std::move(*watched);
}

Result<> CommandExecutor::gather_ranks(int number, Ran& ran, Waiting& waiting) {
  const Result<bool> whole = look_for_ends(ranks_, waiting);
  if (!whole) return pass_on(whole);
  ran.rank_places = ranks_.gather(ran.execution, ran.remarks);
  if (*whole) return {};
  job_->keep(number);
  ran.remarks.push_back("what its ranks told is kept in " + execution_folder(job_->path(), number).string());
  return {};
}

std::string CommandExecutor::over(Nanoseconds now) {
  ends_.look(now);
  return ends_.all() ? ends_.text() + " ended" : "";
}

}  // namespace pw
