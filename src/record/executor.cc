// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/executor.h"

#include "record/command_run.h"

namespace pw {

Result<Ran> CommandExecutor::run(const Step& step, Waiting& waiting) {
  Result<Child> child = Child::spawn_stopped(session_.child);
  if (!child) return pass_on(child);
  const bool delayed = session_.header.experiment.delay.has_value();
  CountTarget target = session_.target;
  ends_.look(waiting.now());
  target.processes = ends_.running();
  const Result<ExecutionCounters> counters =
      ExecutionCounters::open(session_.counting, step.pass, target, child->pid(), delayed);
  if (!counters) return pass_on(counters);
  CommandRun command(session_, *child, *counters, ends_, seen_);
  if (Result<> started = command.start(states_, waiting); !started) return pass_on(started);
  const Result<Woke> woke = waiting.wait(command.deadline(), &command);
  if (!woke) return pass_on(woke);
  if (*woke == Woke::stopped && session_.until_signal) command.stop(waiting.now());
  if (*woke != Woke::ended)
    if (Result<> ended = command.end(grace_, waiting); !ended) return pass_on(ended);
  return command.finish(step, *woke, states_, waiting.latest_wake());
}

std::string CommandExecutor::over(Nanoseconds now) {
  ends_.look(now);
  return ends_.all() ? ends_.text() + " ended" : "";
}

}  // namespace pw
