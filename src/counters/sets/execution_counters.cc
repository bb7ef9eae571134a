// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/sets/execution_counters.h"

namespace pw {

Result<ExecutionCounters> ExecutionCounters::open(const CountingPlan& plan, int pass,
                                                  const CountTarget& target, pid_t command, bool delayed) {
  ExecutionCounters counters;
  if (!target.threads_of_command()) {
    const bool by_exec = target.kind == CountTarget::Kind::command && !delayed;
    counters.set_ = CounterSet::open(plan, pass, count_places(target, command, Root()),
                                     by_exec ? CountFrom::exec : CountFrom::start);
    return counters;
  }
  counters.threads_ = std::make_unique<ThreadCounters>(plan, pass);
  ThreadCounters* threads = counters.threads_.get();
  auto tracer =
      ThreadTracer::attach(command, {[threads, command](pid_t one) { threads->born(one, one == command); },
                                     [threads](pid_t one) { threads->ended(one); }});
  if (!tracer)
    return fail_errno(Failure::not_possible,
                      "the threads of the command cannot be told apart: ptrace is forbidden", tracer.error(),
                      "--per thread", "leave --per out, or count the running process: -p");
  counters.tracer_ = std::make_unique<ThreadTracer>(std::move(*tracer));
  return counters;
}

ExecutionCounters ExecutionCounters::of_machine(const CountingPlan& plan, int pass) {
  ExecutionCounters counters;
  counters.set_ = CounterSet::open(plan, pass, {}, CountFrom::start);
  return counters;
}

}  // namespace pw
