// SPDX-License-Identifier: GPL-3.0-or-later
// Counters of each thread of a command by itself, opened at its birth and read at its end.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "counters/sets/counter_set.h"

namespace pw {

class ThreadCounters {
 public:
  ThreadCounters(const CountingPlan& plan, int pass);

  // `by_exec`: its counters wait for its exec.
  void born(pid_t thread, bool by_exec);
  void ended(pid_t thread);

  // Sums over all threads until now, and each thread's own, in the order of birth.
  std::vector<Reading> read() const;
  std::vector<PartReading> read_parts() const;

 private:
  struct Thread {
    pid_t id = 0;
    std::string name;
    CounterSet counters;
    ReadingSums readings;  // once it has ended
    bool alive = true;
  };
  const CountingPlan& plan_;
  int pass_;
  static ReadingSums sums_of(const Thread& thread) {
    return thread.alive ? thread.counters.sums() : thread.readings;
  }
  CounterSet machine_;  // the PMUs of whole CPUs
  std::vector<Thread> threads_;
  std::map<pid_t, std::size_t> alive_;  // by id: the index of its thread
};

}  // namespace pw
