// SPDX-License-Identifier: GPL-3.0-or-later
// Runs an experiment: idle, warm-ups, every test once per pass, idle; tells the sink at once.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/sink.h"
#include "power/sampling/late_sensors.h"
#include "record/decision_watch.h"
#include "record/execution.h"
#include "record/feed.h"
#include "record/leftovers.h"
#include "record/observer.h"
#include "record/session.h"
#include "record/waiting/waiting.h"

namespace pw {

struct Outcome {
  Ending ending = Ending::complete;
  int stop_signal = 0;                    // of the Ctrl-C, SIGTERM or SIGHUP that stopped the run
  std::optional<Execution> failed;        // the first execution that failed
  std::string untested;                   // why no test could be counted; "": at least one was
  bool test_failed = false;               // an execution that is no warm-up
  bool none_warmed_up = false;            // of all variants the warm-up failed
  std::vector<std::string> dropped = {};  // labels of the variants whose warm-up failed
  std::string cleanup_failed;             // of --cleanup; "": it did not

  bool stopped_in_warmup() const { return none_warmed_up; }
};

// All that a recorder touches.
struct Surroundings {
  World& world;
  Executor& executor;
  Feed* feed;  // null: no power source
  Sink& sink;
  Observer& observer;
};

class Recorder : private Meanwhile {
 public:
  // `session` must outlive the recorder.
  Recorder(const Session& session, const Surroundings& around);

  // Errors: of the sink (Failure::measurement), or of the executor. What was recorded before stays.
  Result<Outcome> run();

 private:
  Result<> run_phases();
  Result<> add_notes();
  Result<> idle(bool before);
  Result<> watch_idle(const std::optional<Window>& nodes, bool before);
  Seconds idle_length(bool before) const;
  Result<std::optional<Window>> watch_idle_nodes(bool before);
  Result<bool> wait_for_late_sensors(Nanoseconds begin);
  Result<> run_tests();
  Result<> run_group(const std::vector<int>& variants);
  Result<> warm_up(const std::vector<int>& variants);
  Result<> run_turns(const std::vector<int>& variants, int test, int pass);
  Result<> clean_up(const std::vector<int>& variants);
  Result<> run_around(Around kind, const Step& step);
  Result<> drop_unless_warm(const Execution& execution);
  Result<> note_over();
  Result<> note_why_enough();
  std::string why_enough() const;
  Result<> execute(const Step& step);
  Result<> pause();
  Result<> keep(const Ran& ran);
  bool usual_end() const { return session_.until_signal && executions_done_ > 0; }
  void tell_step(const Step& step);
  void begin_phase(std::optional<Nanoseconds> end, std::optional<Seconds> left);
  void tell_time();
  Result<> tick() override;
  void edge() override;
  Result<> finish(Ending ending);
  Result<> note_where_stopped();
  Result<> note_remarks(const Ran& ran);
  Result<> warn(const std::string& text);
  Ending ending(bool well) const;
  std::optional<Seconds> time_left() const;
  // Whether these variants need no more tests: here ends what a rule ends.
  bool enough(std::span<const int> variants) const;
  std::vector<int> all_variants() const;
  std::vector<int> tested(std::span<const int> variants) const;  // those that are not dropped
  std::string label_of(int variant) const;                       // "": there are none
  std::string around_name(Around kind, const Step& step) const;
  Step step_of(int test, int pass, int variant) const;
  int planned() const;  // executions
  bool going() const {
    return waiting_.stop_signal() == 0 && !outcome_.stopped_in_warmup() && outcome_.untested.empty();
  }
  bool more() const { return going() && over_.empty(); }
  const Experiment& experiment() const { return session_.header.experiment; }
  int passes() const { return static_cast<int>(session_.header.passes.size()); }

  const Session& session_;
  const Surroundings around_;
  Waiting waiting_;
  std::optional<StopWatches> stop_watches_;
  std::optional<DecisionWatch> decision_watch_;
  std::vector<bool> dropped_;  // by variant: its warm-up failed
  std::vector<bool> set_up_;   // by variant: its --setup was begun
  Outcome outcome_;
  Progress progress_;
  int executions_done_ = 0;  // warm-ups included
  bool tested_ = false;      // one of them was of a test
  std::vector<int> done_;    // likewise, by variant
  int dropped_executions_ = 0;
  std::string latest_;  // execution
  std::string over_;    // Executor::over
  Leftovers leftovers_;
  LateSensors late_;
  Seconds executions_time_;
  Nanoseconds phase_begin_;
  std::optional<Nanoseconds> phase_end_;
  std::optional<Seconds> left_;  // at its begin, of the whole run
};

}  // namespace pw
