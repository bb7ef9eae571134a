// SPDX-License-Identifier: GPL-3.0-or-later
// The ranks of a job: processes that a launcher (mpirun, srun) started together, maybe on several nodes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "model/event.h"

namespace pw {

inline constexpr int kMostRanks = 1'000'000, kMostNodeCpus = 1'000'000;

// Where a rank ran.
struct RankPlace {
  int rank = 0, size = 1;                     // 0 <= rank < size
  std::optional<int> local_rank, local_size;  // among those of its node; nothing: the launcher does not say
  std::string node;
  std::string launcher;  // "Open MPI"
  std::string cpus;      // that it may run on, as a list; "": not known
  std::string numa;      // nodes of memory that those are of, as a list; "": not known

  bool operator==(const RankPlace&) const = default;
};

// unfinished: it began, and nothing told how it ended; its readings, where there are any, are those until it
// was asked to end. missing: nothing came from it.
enum class RankState { ended, unfinished, missing };
std::string_view to_text(RankState state);  // "ended", "unfinished", "missing"
std::optional<RankState> rank_state(std::string_view text);

// rusage of its command and the children that this waited for, and how it ended.
struct RankUsage {
  Seconds user, system;
  std::int64_t max_rss_kb = 0;
  std::int64_t voluntary_switches = 0, involuntary_switches = 0;
  std::int64_t minor_faults = 0, major_faults = 0;
  int exit_status = 0;  // as a shell has it
  int signal = 0;       // that ended it; 0: it ended by itself

  bool operator==(const RankUsage&) const = default;
};

// What a channel of a node told while the command of that node's leader, its local rank 0, ran.
struct NodePower {
  std::string source;  // as shown_name() has it; "": none is read
  std::string channel, scope;
  std::optional<Joules> energy, uncertainty;  // 95 %; nothing: `reason` says why
  std::optional<Watts> mean, least, most;     // least and most: of what was read
  std::int64_t readings = 0;
  bool by_run = false;  // it is the node of perfwatt run, which reads its power itself: there is no more here
  std::string reason;

  bool operator==(const NodePower&) const = default;
};

// CPU time that processes of a node used, whoever's, while the command of that node's leader ran.
struct NodeUse {
  std::optional<Seconds> busy;  // all CPUs together; nothing: `reason` says why
  int cpus = 0;                 // online; 0: not known
  std::string reason;

  bool operator==(const NodeUse&) const = default;
};

// What a channel of a node told in an idle window: `energy`, `mean` and `uncertainty` are those of the node's
// idle level over all of the window.
struct NodeIdle {
  bool before = true;                  // the tests, or after them
  int place = -1;                      // index into Recording::rank_places, of the node's leader
  double begin_unix_s = 0;             // by its node's wall clock
  std::optional<Seconds> lasted = {};  // nothing: it is not known how long it was watched
  NodePower power;

  bool operator==(const NodeIdle&) const = default;
};

// One rank of one execution.
struct RankRun {
  int rank = 0;
  int place = -1;  // index into Recording::rank_places; -1: not known
  RankState state = RankState::missing;
  // By its node's wall clock; compared between nodes only as well as those agree.
  std::optional<double> begin_unix_s = {};
  std::optional<Seconds> elapsed = {};  // until its end, or until it was asked to end
  std::optional<RankUsage> usage = {};  // of one that has ended
  std::vector<Reading> readings = {};
  // Of its node, which it leads; none: it leads none, or nobody asked.
  std::vector<NodePower> power = {};
  std::optional<NodeUse> node_use = {};  // likewise
};

struct ExecutionRanks {
  int size = 0;                // as its ranks say; 0: none said anything
  std::vector<RankRun> ranks;  // in order; each of 0 to size - 1 is there
};

}  // namespace pw
