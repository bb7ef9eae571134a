// SPDX-License-Identifier: GPL-3.0-or-later
// Runs an experiment: idle, warm-ups, every test once per pass, idle; tells the sink at once.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "counters/sets/execution_counters.h"
#include "counters/plan/plan.h"
#include "counters/sets/target.h"
#include "machine/machine_state.h"
#include "model/recording.h"
#include "model/sink.h"
#include "os/child.h"
#include "os/signals.h"
#include "power/sampling/sampler.h"
#include "record/output.h"
#include "record/stop_rule.h"

namespace pw {

// Everything that is settled before the first process is started.
struct Session {
  RecordingHeader header;  // as Sink::begin takes it
  CountingPlan counting;
  CountTarget target;
  CapturePatterns captures;
  ChildOptions child;
  bool show_output = false;
  std::vector<Note> notes;            // refusals and warnings of the preparation
  std::optional<StopRule> stop_when;  // Experiment::tests is then the most there can be
};

struct Progress {
  std::string phase;  // "idle before", "warm-up", "test", "idle after"
  int test = 0;       // from 1 in phase "test"
  int pass = 0;
  std::optional<Seconds> left;   // of the whole run, once an execution has been timed
  std::optional<Watts> watts;    // the latest reading
  std::optional<double> wanted;  // StopRule::width, where there is one
  std::optional<double> width;   // reached so far
};

class Observer {
 public:
  virtual ~Observer() = default;
  virtual void progress(const Progress& progress) = 0;  // about twice a second
  virtual void execution(const Execution& execution) = 0;
};

struct Outcome {
  Ending ending = Ending::complete;
  int stop_signal = 0;              // of the Ctrl-C, SIGTERM or SIGHUP that stopped the run
  std::optional<Execution> failed;  // the first execution that failed
  bool stopped_in_warmup = false;
};

class Recorder {
 public:
  // `sampler` may be null: no power source.
  Recorder(const Session& session, Sampler* sampler, const SignalQueue& signals, Sink& sink,
           Observer& observer);

  // Errors: of the sink (Failure::measurement), or of a command that cannot be started (Failure::command).
  // What was recorded before stays.
  Result<Outcome> run();

 private:
  enum class Woke { deadline, child_ended, stopped };

  Result<> run_phases();
  Result<> idle(bool before);
  Result<> run_tests();
  Result<> note_why_stopped();
  Result<> execute(int test, int pass);
  Result<Execution> run_child(int test, int pass);
  // Waits for the deadline, the child's end or a stop signal; meanwhile reads output, samples and tells
  // progress.
  Result<Woke> wait(std::optional<Nanoseconds> until, Child* child = nullptr,
                    OutputScanner* output = nullptr);
  Result<> end_child(Child& child, OutputScanner& output);
  void read_interval(Nanoseconds now);
  // Reads what is due now, of the counters of a running execution; the next time that something is.
  std::optional<Nanoseconds> watch_counters();
  Result<> tick();
  Result<> finish(Ending ending);
  void take_signals(Child* child);
  std::optional<Seconds> time_left() const;
  bool enough() const { return stop_watch_ && stop_watch_->reached(); }
  bool going() const { return outcome_.stop_signal == 0 && !outcome_.stopped_in_warmup; }

  const Session& session_;
  Sampler* sampler_;
  const SignalQueue& signals_;
  Sink& sink_;
  Observer& observer_;
  const StateReader states_;
  std::optional<StopWatch> stop_watch_;
  Outcome outcome_;
  Progress progress_;
  Nanoseconds next_tick_;
  // Of the execution that runs; null between executions.
  struct Watched {
    const ExecutionCounters& counters;
    Execution& execution;
    std::optional<Nanoseconds> start;     // of counters that wait for --delay
    std::optional<Nanoseconds> interval;  // the next reading on the way
  };
  class Watching;
  Watched* watched_ = nullptr;
  std::optional<ChildEnd> child_end_;
  Nanoseconds child_ended_at_;
  int executions_done_ = 0;  // warm-ups included
  Seconds executions_time_;
};

}  // namespace pw
