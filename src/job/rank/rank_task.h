// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "job/rank_plan.h"
#include "model/job.h"

namespace pw {

// What this process is to do as a rank of a job.
struct RankTask {
  std::filesystem::path path;  // of its file
  RankPlace place;
  RankPlan plan;

  bool leads_a_node() const { return plan.power && place.local_rank == 0; }
};

// Of execution `execution` (from 1) in the run's folder `job`. Errors (input): it is no rank of that job, or
// that rank has begun before.
Result<RankTask> rank_task(const std::string& job, int execution);

}  // namespace pw
