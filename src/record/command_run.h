// SPDX-License-Identifier: GPL-3.0-or-later
// One execution of the command while it lasts: its process, its counters, its output.
#pragma once

#include <optional>
#include <vector>

#include "counters/sets/execution_counters.h"
#include "machine/machine_state.h"
#include "os/command/child.h"
#include "record/execution.h"
#include "record/output/scanner.h"
#include "record/session.h"
#include "record/uncounted.h"
#include "regions/region_requests.h"

namespace pw {

class CommandRun : public Awaited {
 public:
  // `child` waits for its exec, `counters` for it; all must outlive this.
  CommandRun(const Session& session, Child& child, const ExecutionCounters& counters, TargetEnds& ends,
             CountsSeen& seen);

  // The values of -L and --vary that it has, and the program that they make.
  void valued(std::vector<Fact> values, std::string program);
  // Starts the counters and lets the command go. The error is its exec's (Failure::command).
  Result<> start(const StateReader& states, Waiting& waiting);
  // Its threads ask here for counters; must outlive this.
  void serve(RegionRequests& requests) { requests_ = &requests; }
  // When Experiment::timeout is over; nothing: never.
  std::optional<Nanoseconds> deadline() const;
  // It is over now, though what was started for it goes on.
  void stop(Nanoseconds now);
  // Ends it and all that it started: by SIGTERM, or after `grace`, or at one more signal, by SIGKILL. An
  // error (Failure::measurement) where not even that ends it.
  Result<> end(Nanoseconds grace, Waiting& waiting);
  // Stops and reads the counters of the command, which has ended. `late`: Waiting::latest_wake.
  Ran finish(const Step& step, Woke woke, const StateReader& states, Nanoseconds late);

  bool ended() const override { return child_end_.has_value(); }
  void child_changed(Nanoseconds now) override;
  std::optional<Nanoseconds> attend(Nanoseconds now) override;
  int output() const override { return output_open_ ? child_.output() : -1; }
  void read_output() override { output_open_ = output_.read_from(child_.output()); }
  int event() const override { return requests_ ? requests_->fd() : ends_.event(); }
  void suspend() override;
  void go_on(Nanoseconds suspended) override;

 private:
  void leave_out(const std::string& reason);
  void doubt_time(Nanoseconds late);
  void doubt_counts();
  void tell_ends(const Step& step);
  void never_started();  // with --delay
  void take_end(const Step& step, Woke woke);
  void find_left(Woke woke);
  void read_interval(Nanoseconds now);
  void add_interval(Nanoseconds now, const std::vector<Reading>& readings);
  const Experiment& experiment() const { return session_.header.experiment; }

  const Session& session_;
  Child& child_;
  const ExecutionCounters& counters_;
  TargetEnds& ends_;
  CountsSeen& seen_;
  RegionRequests* requests_ = nullptr;
  OutputScanner output_;
  Execution execution_;
  std::vector<Fact> values_;
  std::string program_;
  Ran ran_;
  bool output_open_ = true;
  std::optional<ChildEnd> child_end_;
  Nanoseconds ended_at_, seen_at_;
  bool stopped_ = false;
  std::optional<Nanoseconds> counters_start_;  // of counters that wait for --delay
  std::optional<Nanoseconds> next_interval_;   // the next reading on the way
};

}  // namespace pw
