// SPDX-License-Identifier: GPL-3.0-or-later
// What came from the ranks of each execution, put together.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "job/rank_file.h"
#include "model/recording.h"

namespace pw {

class RankGatherer {
 public:
  // `events`: how many the recording has.
  explicit RankGatherer(std::size_t events) : events_(events) {}

  // The files of the next execution, whose ranks count `events`, come into that folder.
  void begin(std::filesystem::path folder, std::vector<int> events);
  // Reads what came from ranks that had told nothing before: those whose file is listed, and some of the
  // others, in turn. Whether every rank has begun.
  bool look_for_begins();
  bool nobody() const { return files_.empty(); }  // has told anything
  // Whether each node's leader, of those who told something, has said why it reads no sensor.
  bool no_node_reads() const;
  // Reads what has come since. Whether every rank has ended: how many there are is what any of them says, or
  // else what any of an earlier execution said.
  bool look();

  // Fills in Execution::ranks, and what follows from them of the whole: sums of the readings and of the
  // usage, the largest max_rss. What its reader must know becomes a remark. The places that no execution had
  // before: Recording::rank_places goes on with them.
  std::vector<RankPlace> gather(Execution& execution, std::vector<std::string>& remarks);

 private:
  void read(int rank);
  void read_listed();
  RankRun run_of(int rank, std::vector<RankPlace>& fresh);
  int place_of(const RankPlace& place, std::vector<RankPlace>& fresh);

  std::size_t events_;
  std::vector<int> counted_;
  int size_ = 0;
  int next_unlisted_ = 0;
  std::filesystem::path folder_;
  std::map<int, RankFile> files_;
  std::set<std::string> problems_;
  std::map<int, std::vector<std::pair<RankPlace, int>>> places_;  // by rank: with their indices
  int places_count_ = 0;
};

}  // namespace pw
