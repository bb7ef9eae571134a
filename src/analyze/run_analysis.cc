// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/run_analysis.h"

#include <utility>

#include "analyze/metrics/metric_inputs.h"
#include "analyze/metrics/metric_tree.h"
#include "analyze/series/machine_states.h"
#include "analyze/series/odd_tests.h"
#include "analyze/series/partition.h"
#include "analyze/statistics/bootstrap.h"
#include "analyze/statistics/statistics.h"

namespace pw {
namespace {

std::vector<Measurand> usage_of(const Recording& recording) {
  if (!recording.experiment.target.empty() || power_alone(recording.experiment))
    return {};  // what was used is COMMAND's, which only says how long, or nobody's
  std::vector<Measurand> usage;
  const auto add = [&](const char* name, const char* unit, const ExecutionValue& value) {
    usage.push_back(measurand(name, unit, series_of(recording, value)));
  };
  add("user", "s", [](const Execution& one) { return one.user.value; });
  add("system", "s", [](const Execution& one) { return one.system.value; });
  for (Measurand& one : usage) add_per_item(one, recording.experiment.items);
  add("max-rss", "B", [](const Execution& one) { return static_cast<double>(one.max_rss_kb) * 1024; });
  return usage;
}

Measurand given_of(const Recording& recording, const GivenQuantity& quantity) {
  std::string why;  // of the first execution that has none
  Measurand one = measurand(std::string(quantity.name), std::string(quantity.unit),
                            series_of(recording, [&](const Execution& execution) -> std::optional<double> {
                              const Known value = quantity.value(recording, execution);
                              if (!value && why.empty()) why = value.error();
                              return or_nothing(value);
                            }));
  if (one.value) one.reason = doubt_of(recording, quantity);
  if (!why.empty()) one.reason = one.value ? "not known of every execution: " + why : why;
  one.effect = false;
  return one;
}

// What its hypervisor gave it.
std::vector<Measurand> given_of(const Recording& recording) {
  std::vector<Measurand> given;
  if (power_alone(recording.experiment)) return given;
  for (const GivenQuantity& quantity : given_quantities())
    if (has_quantity(recording, quantity)) given.push_back(given_of(recording, quantity));
  return given;
}

// s: the mean time in which an event was counted, of a test; 0: in none.
double counted_seconds(const Recording& recording, int event) {
  const Series series = series_of(recording, [&](const Execution& one) {
    const Seconds time = counted_time(recording, one);
    const bool counted = find_reading(one, event) != nullptr && time.value > 0;
    return counted ? std::optional(time.value) : std::nullopt;
  });
  const auto over_tests = statistics(series.values());
  return over_tests ? over_tests->mean : 0;
}

Measurand counter_of(const Recording& recording, std::size_t index) {
  Measurand count = event_count(recording, static_cast<int>(index));
  add_per_item(count, recording.experiment.items);
  if (!count.value || recording.events[index].unit == "ns") return count;
  const double seconds = counted_seconds(recording, static_cast<int>(index));
  if (seconds > 0) count.per_second = count.value->mean / seconds;
  return count;
}

Measurand number_of(const Captured& captured) {
  Measurand one = measurand(captured.name, "", captured.numbers);
  if (!one.value)
    one.reason = captured.distinct.empty() ? "never matched" : "what matched is not always a number";
  return one;
}

void add_sentences(RunAnalysis& run, const Recording& recording) {
  std::vector<const Measurand*> effects = {&run.elapsed};
  for (const Measurand& count : run.counters)
    if (count.effect) effects.push_back(&count);
  run.odd = odd_tests(recording, effects);
  run.trends = trends(effects);
  run.state_changes = state_changes(recording);
  run.given_warnings = given_warnings(recording);
}

void add_bootstrap(Measurand& one) { one.bootstrap = bootstrap_interval(one.series.values()); }

}  // namespace

RunAnalysis analyze_run(const Recording& recording, const MetricInputs& inputs, bool bootstrap) {
  RunAnalysis run;
  const std::optional<double>& items = recording.experiment.items;
  run.elapsed = elapsed_time(recording);
  add_per_item(run.elapsed, items);
  if (items && run.elapsed.value && run.elapsed.value->mean > 0)
    run.items_per_second = *items / run.elapsed.value->mean;
  run.usage = usage_of(recording);
  run.given = given_of(recording);
  for (std::size_t i = 0; i < recording.events.size(); ++i) run.counters.push_back(counter_of(recording, i));
  if (!power_alone(recording.experiment)) {
    run.metrics = metrics(inputs);
    run.trees = known_trees(inputs);
  }
  run.captures = captured(recording);
  for (const Captured& one : run.captures) run.captured.push_back(number_of(one));
  run.unlike = unlike_tests(recording);
  run.incomplete = incomplete_tests(recording);
  add_sentences(run, recording);
  if (!bootstrap) return run;
  add_bootstrap(run.elapsed);
  for (Measurand& count : run.counters) add_bootstrap(count);
  return run;
}

}  // namespace pw
