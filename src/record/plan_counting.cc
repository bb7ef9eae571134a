// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/plan_counting.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "counters/plan/resolve.h"
#include "counters/sets/floor.h"
#include "os/root.h"

namespace pw {
namespace {

bool countable(const ResolvedEvent& resolved) { return resolved.event.status == CountStatus::ok; }

// Without a COMMAND, what is counted is there once: until the processes end, or Ctrl-C.
bool happens_once(const CheckedRun& run) { return run.child.command != run.experiment.command; }

Result<> check_plan(const CountingPlan& plan, const CheckedRun& run) {
  if (!plan.impossible_group.empty())
    return fail(Failure::not_possible, plan.impossible_group, "-e",
                "without the braces they are counted in passes of their own");
  if (run.events_named && std::ranges::none_of(plan.events, countable)) {
    const Event& first = plan.events.front().event;
    return fail(Failure::not_possible,
                "none of these events can be counted here: " + first.label() + ": " + first.reason, "-e",
                "perfwatt doctor says what would allow it");
  }
  if (plan.passes.size() > 1 && happens_once(run))
    return fail(Failure::not_possible,
                fmt::format("these events need {} passes, and without a COMMAND there is one test",
                            plan.passes.size()),
                run.target.kind == CountTarget::Kind::processes ? "-p" : "-a",
                "name fewer events, take --multiplex, or add a COMMAND such as -- sleep 5");
  return {};
}

}  // namespace

CountingPlan plan_here(const std::vector<EventRequest>& events, bool multiplex, const TrialPlace& place) {
  const Root root;
  KernelOpener opener(place);
  CountingLimits limits = counting_limits(root);
  limits.whole_cpus = place.pid < 0;
  return plan_passes(resolve_events(events, opener, root, limits), multiplex, opener);
}

Result<Counting> plan_counting(const CheckedRun& run) {
  Counting counting{plan_here(run.events, run.experiment.multiplex, run.target.trial()), {}};
  if (Result<> possible = check_plan(counting.plan, run); !possible) return pass_on(possible);
  if (std::ranges::none_of(counting.plan.events, countable)) return counting;
  const CountingFloor floor = note_floor(counting.plan);
  counting.cost = CountingCost{floor.region, floor.read};
  return counting;
}

}  // namespace pw
