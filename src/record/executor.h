// SPDX-License-Identifier: GPL-3.0-or-later
// The Executor that runs processes.
#pragma once

#include <map>

#include "machine/machine_state.h"
#include "record/execution.h"
#include "record/session.h"
#include "record/uncounted.h"
#include "regions/region_gatherer.h"

namespace pw {

class CommandExecutor : public Executor {
 public:
  // `grace`: how long a command that is ended has from SIGTERM to SIGKILL. `session` must outlive this.
  explicit CommandExecutor(const Session& session, Nanoseconds grace = {2'000'000'000})
      : session_(session), grace_(grace), ends_(session.target.processes) {}

  Result<Ran> run(const Step& step, Waiting& waiting) override;
  Result<AroundRan> around(Around kind, const Step& step, Waiting& waiting, bool heed) override;
  std::string over(Nanoseconds now) override;

 private:
  const Session& session_;
  const Nanoseconds grace_;
  const StateReader states_;
  TargetEnds ends_;
  std::map<int, CountsSeen> seen_;  // by variant
  RegionGatherer gatherer_;
};

}  // namespace pw
