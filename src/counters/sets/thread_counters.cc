// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/sets/thread_counters.h"

#include <fmt/format.h>

#include "os/command/descendants.h"

namespace pw {
ThreadCounters::ThreadCounters(const CountingPlan& plan, int pass)
    : plan_(plan), pass_(pass), machine_(CounterSet::open(plan, pass, {}, CountFrom::start)) {
  machine_.start();
}

void ThreadCounters::born(pid_t thread, bool by_exec) {
  const CountPlace place{thread, -1, ""};
  CounterSet counters =
      CounterSet::open(plan_, pass_, {&place, 1}, by_exec ? CountFrom::exec : CountFrom::start, Inherit::no);
  counters.start();
  alive_[thread] = threads_.size();
  threads_.push_back({thread, "", std::move(counters), {}, true});
}

void ThreadCounters::ended(pid_t thread) {
  const auto at = alive_.find(thread);
  if (at == alive_.end()) return;
  Thread& ended = threads_[at->second];
  ended.name = process_of(thread).name;
  ended.readings = ended.counters.sums();
  ended.counters = {};
  ended.alive = false;
  alive_.erase(at);
}

std::vector<Reading> ThreadCounters::read() const {
  ReadingSums sums = machine_.sums();
  for (const Thread& thread : threads_) sums.add(sums_of(thread));
  return sums.readings();
}

std::vector<PartReading> ThreadCounters::read_parts() const {
  std::vector<PartReading> parts;
  for (const Thread& thread : threads_) {
    const std::string part =
        fmt::format("thread {} {}", thread.id, thread.alive ? process_of(thread.id).name : thread.name);
    for (const Reading& reading : sums_of(thread).readings()) parts.push_back({part, reading});
  }
  return parts;
}

}  // namespace pw
