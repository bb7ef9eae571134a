// SPDX-License-Identifier: GPL-3.0-or-later
// The Executor that runs processes.
#pragma once

#include <map>

#include "job/job_folder.h"
#include "job/rank_gatherer.h"
#include "machine/machine_state.h"
#include "record/execution.h"
#include "record/session.h"
#include "record/uncounted.h"
#include "regions/region_gatherer.h"

namespace pw {

class CommandExecutor : public Executor {
 public:
  // `grace`: how long a command that is ended has from SIGTERM to SIGKILL. `session` must outlive this.
  // `job`: the folder of a job; null: the command is none.
  explicit CommandExecutor(const Session& session, Nanoseconds grace = {2'000'000'000},
                           JobFolder* job = nullptr)
      : session_(session),
        grace_(grace),
        ends_(session.target.processes),
        job_(job),
        ranks_(session.header.events.size()) {}

  Result<Ran> run(const Step& step, Waiting& waiting) override;
  Result<AroundRan> around(Around kind, const Step& step, Waiting& waiting, bool heed) override;
  std::string over(Nanoseconds now) override;
  Result<std::optional<NodesIdle>> idle(bool before, Seconds length, Waiting& waiting) override;

 private:
  Result<int> begin_job(int pass, ChildOptions& options);
  Result<> gather_ranks(int number, Ran& ran, Waiting& waiting);

  const Session& session_;
  const Nanoseconds grace_;
  const StateReader states_;
  TargetEnds ends_;
  std::map<int, CountsSeen> seen_;  // by variant
  RegionGatherer gatherer_;
  JobFolder* const job_;
  RankGatherer ranks_;
  bool nodes_watched_ = true;  // false: none reads its power, or their launcher hung
};

}  // namespace pw
