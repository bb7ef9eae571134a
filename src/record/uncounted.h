// SPDX-License-Identifier: GPL-3.0-or-later
// Counts that end before the command does: processes that were to be counted end; and the kernel stops the
// counters of a user's task at the exec of a program that changes its user, or that the user may not read.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "base/units.h"
#include "counters/plan/plan.h"
#include "model/event.h"
#include "os/wait_for.h"

namespace pw {

// Whether exec of `program` (a path, or a name on PATH) ends the counters of a task of `uid` and `gid`: a
// set-user-ID or set-group-ID file of somebody else's, one with capabilities, or one that cannot be read.
bool exec_ends_counters(const std::string& program, uid_t uid, gid_t gid);

// Makes the readings of counters that were enabled for clearly less than `cpu`, the CPU time of the command
// and what it waited for (rusage), `not-counted`, but for those of whole CPUs (by `plan`). `expected`:
// exec_ends_counters of the command itself. A counter of a task is enabled while the task runs.
void mark_uncounted(std::vector<Reading>& readings, const CountingPlan& plan, Seconds cpu, bool expected);

// What the executions so far counted, by event.
class CountsSeen {
 public:
  void add(const std::vector<Reading>& readings);  // but for those that have no count

  // Whether these are no fewer than before, as far as enough was counted to tell: then their counters missed
  // nothing, whatever a machine that stood still says of its CPU time.
  bool as_before(const std::vector<Reading>& readings) const;

 private:
  std::map<int, std::deque<std::uint64_t>> latest_;
};

// Adds a reading `not-counted` for each of `events` that has none.
void add_uncounted(std::vector<Reading>& readings, const std::vector<int>& events, const std::string& reason);

// The ends of the processes that a run counts.
class TargetEnds {
 public:
  explicit TargetEnds(const std::vector<pid_t>& processes) : processes_(processes), ends_(processes) {}

  void look(Nanoseconds now);
  std::vector<pid_t> running() const { return ends_.running(); }
  // There were some, and each has ended.
  bool all() const { return !processes_.empty() && ends_.running().empty(); }
  int event() const { return processes_.empty() ? -1 : ends_.fd(); }
  // "process 123", "processes 123, 124"
  std::string text() const;
  // What the reader of the execution that began then must know of those that have ended since this was called
  // last. `until_end`: it is to last until they have.
  std::vector<std::string> take_remarks(Nanoseconds begin, bool until_end);

 private:
  struct End {
    pid_t process = 0;
    Nanoseconds seen;
  };
  std::vector<pid_t> processes_;
  ProcessEnds ends_;
  std::vector<End> untold_;
};

}  // namespace pw
