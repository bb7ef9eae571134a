// SPDX-License-Identifier: GPL-3.0-or-later
// What one rank tells of one execution: a file of a few hundred bytes that it puts into the job's folder at
// its begin, again where it is asked to end, and at its end.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/job.h"

namespace pw {

struct RankFile {
  RankPlace place;
  Nanoseconds begin_unix;                   // since 1970, by the clock of its node
  std::optional<Nanoseconds> elapsed = {};  // nothing: it has begun
  std::optional<RankUsage> usage = {};      // nothing: it has not ended
  std::vector<Reading> readings = {};       // by index of Recording::events
  std::vector<NodePower> power = {};        // of a leader's node
  std::optional<NodeUse> node_use = {};     // likewise
};

std::string rank_file_text(const RankFile& file);

// Of a stranger: whatever is read can be recorded. `events`: how many the recording has. Errors (input) with
// `where`.
Result<RankFile> parse_rank_file(std::string_view text, std::size_t events, const std::string& where);

}  // namespace pw
