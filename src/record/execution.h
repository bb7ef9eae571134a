// SPDX-License-Identifier: GPL-3.0-or-later
// The seam around the measured command: what happens between its spawn and its readings. The recorder knows
// only this; its tests put a script in the command's place.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "model/recording.h"
#include "os/command/descendants.h"
#include "record/around/nodes_watch.h"
#include "record/waiting/waiting.h"

namespace pw {

// Which execution of a run.
struct Step {
  int test = 0;  // from 1; 0: a warm-up
  int pass = 1;  // from 1
  int variant = 0;
  std::vector<Fact> drawn = {};  // of --vary
};

// What came of it.
struct Ran {
  Execution execution;
  std::vector<std::string> remarks;         // what its reader must know, a line each
  std::vector<Process> left;                // what it started and is still running
  bool met = false;                         // what earlier executions left ran beside it
  std::vector<Region> regions = {};         // that no execution had before
  std::vector<RankPlace> rank_places = {};  // likewise
};

// What came of a command of --setup, --prepare, --conclude or --cleanup.
struct AroundRan {
  Interlude time;
  std::string how_failed;  // "failed with exit status 3: ..."; "": it did not
};

class Executor {
 public:
  virtual ~Executor() = default;

  // Has the nodes of a job watch their idle power for that long, from when all of them do; nothing: there are
  // none to ask. Errors: of `waiting`.
  virtual Result<std::optional<NodesIdle>> idle(bool, Seconds, Waiting&) { return std::nullopt; }

  // Runs the command once, counts the events of that pass, and has ended it when it returns. What it waits
  // for it waits for by `waiting`: a time-out, or a signal that stops the run (Waiting::stop_signal), ends
  // the command and all that it started. Errors: Failure::command where it cannot be started,
  // Failure::not_possible where it cannot be counted, and those of `waiting`.
  virtual Result<Ran> run(const Step& step, Waiting& waiting) = 0;

  // Runs the command that stands around that step, to its end or until a signal stops the run; outside of
  // what is measured. `heed`: signals that came before stop it, too.
  virtual Result<AroundRan> around(Around kind, const Step& step, Waiting& waiting, bool heed) = 0;

  // Why no more can be counted: "process 123 ended". "": it can.
  virtual std::string over(Nanoseconds now) = 0;
};

}  // namespace pw
