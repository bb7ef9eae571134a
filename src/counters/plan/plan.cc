// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/plan/plan.h"

#include <algorithm>

#include "base/text.h"
#include "counters/plan/planner.h"

namespace pw {
namespace {

// Of more passes than these, each says only what keeps it out of the first.
constexpr std::size_t kFewPasses = 4;

std::vector<int> countable(const std::vector<ResolvedEvent>& events, bool software) {
  std::vector<int> found;
  for (int i = 0; i < static_cast<int>(events.size()); ++i) {
    const Event& event = events[static_cast<std::size_t>(i)].event;
    if (event.status == CountStatus::ok && rides_along(events[static_cast<std::size_t>(i)]) == software)
      found.push_back(i);
  }
  return found;
}

// What keeps this pass apart from each earlier one, or of many from the first.
std::string reason_for(Planner& planner, const Sets& sets, std::size_t pass) {
  std::vector<std::string> reasons;
  for (std::size_t earlier = 0; earlier < pass && (earlier == 0 || sets.size() <= kFewPasses); ++earlier) {
    std::string reason = planner.conflict(sets[pass], sets[earlier]);
    if (!reason.empty() && std::find(reasons.begin(), reasons.end(), reason) == reasons.end())
      reasons.push_back(std::move(reason));
  }
  return reasons.empty() && pass > 0 ? planner.no_room_for_all() : join(reasons, "; ");
}

void note_passes(CountingPlan& plan) {
  for (std::size_t pass = 0; pass < plan.passes.size(); ++pass) {
    std::vector<int>& members = plan.passes[pass].events;
    std::sort(members.begin(), members.end());
    put_leaders_first(members, plan.events);
    for (const int item : members)
      plan.events[static_cast<std::size_t>(item)].event.passes.push_back(static_cast<int>(pass) + 1);
  }
}

}  // namespace

CountingPlan plan_passes(std::vector<ResolvedEvent> events, bool multiplex, Opener& opener,
                         const GroupReasons* reasons) {
  CountingPlan plan;
  plan.multiplex = multiplex;
  plan.events = std::move(events);
  const std::vector<int> software = countable(plan.events, true);
  if (multiplex) {
    Pass pass{countable(plan.events, false), ""};
    pass.events.insert(pass.events.end(), software.begin(), software.end());
    plan.passes.push_back(std::move(pass));
  } else {
    Planner planner(plan.events, opener, reasons);
    const Sets sets = planner.sets();
    plan.fewest = planner.fewest_possible();
    plan.impossible_group = planner.impossible_group();
    for (std::size_t i = 0; i < sets.size(); ++i) {
      Pass pass{planner.riders(), i == 0 ? "" : reason_for(planner, sets, i)};
      pass.events.insert(pass.events.end(), sets[i].begin(), sets[i].end());
      pass.events.insert(pass.events.end(), software.begin(), software.end());
      plan.passes.push_back(std::move(pass));
    }
  }
  note_passes(plan);
  return plan;
}

}  // namespace pw
