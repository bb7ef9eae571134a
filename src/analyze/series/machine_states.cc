// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/series/machine_states.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analyze/series/series.h"
#include "base/text.h"

namespace pw {
namespace {

constexpr double kStateFrequencyApart = 0.05;
constexpr std::size_t kTestsNamed = 5;
constexpr std::string_view kThrottled = "throttled_", kByQuota = "throttled_cgroup";

struct Setting {
  const char* key;
  const char* name;
};
constexpr Setting kSettings[] = {
    {"governor", "the frequency governor"},
    {"smt", "SMT"},
    {"cpus_online", "the list of online CPUs"},
    {"lparcfg_entitlement", "the partition's entitlement, in hundredths of a core,"}};

std::optional<std::string> setting_change(const Recording& recording, const Setting& setting) {
  std::optional<std::string_view> first;
  for (const Execution& one : recording.executions)
    for (const MachineState* state : {&one.before, &one.after}) {
      const auto now = state_text(*state, setting.key);
      if (one.warmup() || !now) continue;
      if (!first) first = now;
      if (*now != *first)
        return fmt::format("{} changed: '{}' at first, '{}' {} test {}", setting.name, *first, *now,
                           state == &one.before ? "before" : "after", one.test);
    }
  return std::nullopt;
}

std::optional<double> rise(const Execution& execution, std::string_view key) {
  const auto before = state_number(execution.before, key);
  const auto after = state_number(execution.after, key);
  return before && after ? std::optional(*after - *before) : std::nullopt;
}

// By key, by test: how much the count rose.
std::map<std::string, std::map<int, double>> rises(const Recording& recording) {
  std::map<std::string, std::map<int, double>> all;
  for (const Execution& one : recording.executions)
    for (const Fact& fact : one.before)
      if (!one.warmup() && fact.key.starts_with(kThrottled))
        if (const double by = rise(one, fact.key).value_or(0); by > 0) all[fact.key][one.test] += by;
  return all;
}

std::string throttle_text(const std::string& key, const std::map<int, double>& by_test) {
  std::vector<std::string> tests;
  for (const auto& [test, by] : by_test) {
    if (tests.size() == kTestsNamed) {
      tests.push_back(fmt::format("and in {} more", by_test.size() - kTestsNamed));
      break;
    }
    tests.push_back(fmt::format("by {:.0f} in test {}", by, test));
  }
  const std::string_view what =
      key == kByQuota ? "the CPU quota of the cgroup was used up" : "the CPU was throttled";
  return fmt::format("{}: {} rose {}", what, key, join(tests, ", "));
}

std::optional<std::string> frequency_text(const Recording& recording) {
  const Series series = series_of(
      recording, [](const Execution& one) { return state_number(one.before, "frequency_mean_mhz"); });
  if (series.tests.empty()) return std::nullopt;
  const auto least = std::ranges::min_element(series.tests, {}, &TestValue::value);
  const auto most = std::ranges::max_element(series.tests, {}, &TestValue::value);
  if (least->value <= 0 || most->value <= least->value * (1 + kStateFrequencyApart)) return std::nullopt;
  return fmt::format(
      "the frequency before the tests is {:.1f} % apart: {:.0f} MHz before test {}, {:.0f} MHz "
      "before test {}",
      100 * (most->value / least->value - 1), least->value, least->test, most->value, most->test);
}

}  // namespace

std::optional<std::string_view> state_text(const MachineState& state, std::string_view key) {
  const auto at = std::ranges::find(state, key, &Fact::key);
  return at == state.end() ? std::nullopt : std::optional<std::string_view>(at->value);
}

std::optional<double> state_number(const MachineState& state, std::string_view key) {
  const auto text = state_text(state, key);
  return text ? parse_number(*text) : std::nullopt;
}

std::optional<double> throttled(const Execution& execution) {
  std::optional<double> sum;
  for (const Fact& fact : execution.before)
    if (fact.key.starts_with(kThrottled))
      if (const auto by = rise(execution, fact.key)) sum = sum.value_or(0) + *by;
  return sum;
}

std::vector<std::string> state_changes(const Recording& recording) {
  std::vector<std::string> texts;
  for (const Setting& setting : kSettings)
    if (const auto text = setting_change(recording, setting)) texts.push_back(*text);
  for (const auto& [key, by_test] : rises(recording)) texts.push_back(throttle_text(key, by_test));
  if (const auto text = frequency_text(recording)) texts.push_back(*text);
  return texts;
}

}  // namespace pw
