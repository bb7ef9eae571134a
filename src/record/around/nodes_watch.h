// SPDX-License-Identifier: GPL-3.0-or-later
// The idle power of a job's nodes: the launcher starts its ranks as ever, and they run no command.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "job/rank_gatherer.h"
#include "os/command/child.h"
#include "record/waiting/waiting.h"

namespace pw {

// What came of it.
struct NodesIdle {
  std::optional<Window> window =
      {};  // in which every rank watched, none began or ended; nothing: there is none
  std::vector<NodeIdle> idles = {};
  std::vector<RankPlace> places = {};     // that nothing had before
  std::vector<std::string> remarks = {};  // what its reader must know
  bool hung = false;                      // the launcher, which had to be ended
};

struct NodesWatchLimits {
  bool before = true;  // the tests, or after them
  Seconds length;
  Nanoseconds grace;                           // from SIGTERM to SIGKILL
  Nanoseconds longest_start{120'000'000'000};  // until every rank has begun
  Nanoseconds longest_end{60'000'000'000};     // once they are through
};

// Waits a little for the files of ranks, which may come later than their launcher's end, or until a signal
// asks for the end. Whether every rank's is there. Errors: those of `waiting`.
Result<bool> look_for_ends(RankGatherer& ranks, Waiting& waiting);

// Runs the launcher `options`, whose ranks watch for that long and put their files where `ranks` looks. A
// launcher that fails is a remark. Errors: it cannot be started (Failure::command), and those of `waiting`.
Result<NodesIdle> watch_nodes(const ChildOptions& options, RankGatherer& ranks,
                              const NodesWatchLimits& limits, Waiting& waiting);

}  // namespace pw
