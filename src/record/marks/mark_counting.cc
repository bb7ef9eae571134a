// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/marks/mark_counting.h"

#include <unistd.h>

#include <algorithm>

#include "counters/sets/counter_set.h"
#include "counters/sets/thread_plan.h"
#include "regions/mark_cost.h"

namespace pw {
namespace {

CounterSet open_set(const CountingPlan& plan, int pass, pid_t thread, Inherit inherit) {
  const CountPlace place{thread, -1, ""};
  CounterSet set = CounterSet::open(plan, pass, {&place, 1}, CountFrom::start, inherit);
  set.start();
  return set;
}

}  // namespace

MarkCounting::MarkCounting(RegionScope scope, const CountingPlan& plan, int pass,
                           const ExecutionCounters& counters)
    : pass_(pass) {
  const std::size_t events = plan.passes[static_cast<std::size_t>(pass - 1)].events.size();
  if (scope == RegionScope::process) marks_ = region_counters(scope, counters.groups(), events);
  if (!by_threads(scope)) return;
  plan_ = thread_plan(plan);
  marks_ = region_counters(scope, open_set(plan_, pass, ::gettid(), Inherit::no).groups(), events);
}

std::vector<Handed> MarkCounting::begin(const RegionSlab& slab) {
  if (by_threads(marks_.scope))
    requests_ = RegionRequests::make(slab.stamp(), [this](pid_t thread) { return open(thread); });
  if (by_threads(marks_.scope) && !requests_) return {};
  return slab.count(marks_, requests_ ? requests_->theirs() : -1);
}

// The same groups for every thread, or none.
ThreadCounting MarkCounting::open(pid_t thread) const {
  auto set = std::make_shared<CounterSet>(open_set(plan_, pass_, thread, Inherit::no));
  const bool all =
      std::ranges::equal(set->groups(), marks_.groups, {}, &CounterGroup::events, &CounterGroup::events);
  if (!all) return {};
  return {set->groups(), set, 0};
}

std::optional<Nanoseconds> price_of_mark(RegionScope scope, const CountingPlan& plan) {
  if (scope == RegionScope::none || plan.passes.empty()) return cost_of_mark();
  const auto most =
      std::ranges::max_element(plan.passes, {}, [](const Pass& one) { return one.events.size(); });
  const int pass = static_cast<int>(most - plan.passes.begin()) + 1;
  const bool thread = by_threads(scope);
  const CounterSet set =
      open_set(thread ? thread_plan(plan) : plan, pass, ::gettid(), thread ? Inherit::no : Inherit::yes);
  return cost_of_mark(region_counters(scope, set.groups(), 0));
}

}  // namespace pw
