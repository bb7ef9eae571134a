// SPDX-License-Identifier: GPL-3.0-or-later
// The counters of one execution, whoever is counted.
#pragma once

#include <memory>
#include <vector>

#include "base/result.h"
#include "counters/sets/counter_set.h"
#include "counters/sets/thread_counters.h"
#include "os/command/thread_tracer.h"

namespace pw {

class ExecutionCounters {
 public:
  // `command`: the stopped child that runs the command. Its counters start with its exec, unless `delayed`.
  // Errors: Failure::not_possible where the threads of the command cannot be told apart (ptrace is
  // forbidden).
  static Result<ExecutionCounters> open(const CountingPlan& plan, int pass, const CountTarget& target,
                                        pid_t command, bool delayed);

  // Of no process: of the pass what is counted for whole CPUs alone.
  static ExecutionCounters of_machine(const CountingPlan& plan, int pass);

  // Starts those that no exec starts; stops them.
  void start() const { set_.start(); }
  void stop() const { set_.stop(); }
  std::vector<Reading> read() const { return threads_ ? threads_->read() : set_.read(); }
  std::vector<PartReading> read_parts() const {
    return threads_ ? threads_->read_parts() : set_.read_parts();
  }

  // What a thread of the command can read at once; none where its threads are told apart.
  std::vector<CounterGroup> groups() const { return set_.groups(); }

  // Who wants to know when threads of the command stop; may be null.
  ThreadTracer* tracer() const { return tracer_.get(); }

 private:
  CounterSet set_;
  std::unique_ptr<ThreadCounters> threads_;
  std::unique_ptr<ThreadTracer> tracer_;
};

}  // namespace pw
