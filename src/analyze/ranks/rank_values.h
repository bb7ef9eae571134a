// SPDX-License-Identifier: GPL-3.0-or-later
// The ranks of a job against each other. Values of a rank are means over the tests that count.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/recording.h"

namespace pw {

struct RankValue {
  int rank = 0;
  double value = 0;
};

// Over the ranks that have a value.
struct RankSpread {
  RankValue least, most;
  double median = 0, mean = 0;
  std::optional<double> imbalance;  // most / mean; nothing where the mean is 0
};

struct RankQuantity {
  std::string name;                           // "wall time", "cpu time", "max rss", or an event's label
  std::string unit;                           // "s", "B", ""
  bool effect = true;                         // false: switches, faults and the like, which explain others
  std::vector<std::optional<double>> values;  // by rank
  std::optional<RankSpread> spread;
  std::vector<int> odd;  // ranks that stand apart: outliers(), and at least 5 % from the median
  std::string reason;    // why ranks have none, of the first
};

struct RankRow {
  int rank = 0;
  int place = -1;  // index into Recording::rank_places, of the last execution that tells one
  int ended = 0, unfinished = 0, missing = 0;  // executions of tests
  int failed = 0;                              // of those that ended
};

// Energies and powers of nodes are means over the tests that count.
struct RankNode {
  std::string name;
  std::vector<int> ranks;
  std::string sensor = {};                              // "hwmon power1"; "": none
  std::optional<Joules> energy = {}, uncertainty = {};  // 95 %
  std::optional<Watts> power = {};
  bool whole = false;                                    // of the whole machine
  std::string reason = {};                               // why there is no energy
  std::optional<Joules> net = {}, net_uncertainty = {};  // less what the node draws idle; 95 %
  std::optional<Watts> idle = {};
  std::string gross_reason = {};  // why there is no net energy
  // CPU time that the node's processes used, and those that are not the job's at least: means over the
  // executions in which both are known.
  std::optional<Seconds> busy = {}, others = {};
  int compared = 0, shared = 0;    // these executions, and those of them in which it is clear that others did
  std::string others_reason = {};  // why it is not known of all
};

// The energies of the nodes, each once.
struct JobEnergy {
  std::optional<Joules> energy, uncertainty;  // 95 %
  int known = 0;                              // nodes that have one
  // Some has none, or one that is not of the whole machine, or of some rank no node is known.
  bool lower_bound = false;
  std::optional<Joules> net = {}, net_uncertainty = {};  // likewise
  int net_known = 0;
  bool net_lower_bound = false;
  int shared = 0;  // nodes whose energy is others', too
};

// A rank that stands apart in something that is no mere effect.
struct OddRank {
  int rank = 0;
  double apart = 1;  // how many times the median, or the median times it: the most of its quantities
  std::string how;   // "cpu time 1.50 x, task-clock 1.50 x the median"
  std::vector<std::string> evidence;  // what was recorded that may tell why; none: nothing does
};

struct RankAnalysis {
  int size = 0;                          // 0: no job
  std::vector<RankQuantity> quantities;  // wall time, cpu time, the events, max rss
  std::vector<RankRow> rows;             // by rank
  std::vector<RankNode> nodes;           // in the order of their first ranks
  std::vector<OddRank> odd;              // the furthest apart first
  std::optional<JobEnergy> energy;       // nothing: nobody asked the nodes
};

}  // namespace pw
