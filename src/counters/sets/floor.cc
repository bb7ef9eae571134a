// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/sets/floor.h"

#include <unistd.h>

#include <algorithm>
#include <map>

#include "counters/sets/counter_set.h"
#include "os/clock.h"

namespace pw {
namespace {

constexpr int kRegions = 40;

// The value that `share` of `values` do not exceed.
double quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const auto last = static_cast<double>(values.size() - 1);
  return values[static_cast<std::size_t>(last * share + 0.5)];
}

struct PassFloor {
  std::map<int, std::vector<double>> counts;  // by event, of each region
  std::vector<double> region, read;           // nanoseconds
};

double since(Nanoseconds begin) { return static_cast<double>((monotonic_now() - begin).value); }

PassFloor measure_pass(const CountingPlan& plan, int pass) {
  const CountPlace here{::gettid(), -1, ""};
  const CounterSet set = CounterSet::open(plan, pass, {&here, 1}, CountFrom::start, Inherit::no);
  PassFloor floor;
  std::vector<Reading> before = set.read();
  for (int i = 0; i < kRegions; ++i) {
    const Nanoseconds begin = monotonic_now();
    set.start();
    set.stop();
    floor.region.push_back(since(begin));
    const Nanoseconds reading = monotonic_now();
    const std::vector<Reading> after = set.read();
    floor.read.push_back(since(reading));
    for (std::size_t at = 0; at < after.size(); ++at)
      if (after[at].status == CountStatus::ok)
        floor.counts[after[at].event].push_back(static_cast<double>(after[at].value - before[at].value));
    before = after;
  }
  return floor;
}

void keep_larger(Nanoseconds& kept, const std::vector<double>& values) {
  kept = std::max(kept, Nanoseconds{static_cast<std::int64_t>(quantile(values, 0.5))});
}

}  // namespace

CountingFloor measure_floor(const CountingPlan& plan) {
  CountingFloor floor{std::vector<std::optional<double>>(plan.events.size()), {}, {}};
  for (int pass = 1; pass <= static_cast<int>(plan.passes.size()); ++pass) {
    const PassFloor one = measure_pass(plan, pass);
    for (const auto& [event, values] : one.counts) {
      std::optional<double>& count = floor.counts[static_cast<std::size_t>(event)];
      count = std::max(count.value_or(0), quantile(values, 0.95));
    }
    keep_larger(floor.region, one.region);
    keep_larger(floor.read, one.read);
  }
  return floor;
}

CountingFloor note_floor(CountingPlan& plan) {
  CountingFloor floor = measure_floor(plan);
  for (std::size_t i = 0; i < plan.events.size(); ++i) plan.events[i].event.floor = floor.counts[i];
  return floor;
}

}  // namespace pw
