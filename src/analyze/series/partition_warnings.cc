// SPDX-License-Identifier: GPL-3.0-or-later
// Tests that got less CPU than they asked for, in words.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "analyze/series/machine_states.h"
#include "analyze/series/partition.h"
#include "analyze/series/series.h"
#include "base/text.h"

namespace pw {
namespace {

constexpr double kLeastSteal = 0.01;  // of the CPU time
constexpr double kResolution = 0.01;  // s: a tick more or less
constexpr double kUsedUp = 99;        // % of the entitlement
constexpr std::size_t kShortNamed = 5;

// Of all executions of a test.
struct TestTime {
  double steal = 0, cpu = 0, elapsed = 0, executions = 0;

  bool is_short() const { return cpu > 0 && steal - kResolution * executions > kLeastSteal * cpu; }
};

std::map<int, TestTime> times_by_test(const Recording& recording) {
  std::map<int, TestTime> tests;
  for (const Execution* one : counted_executions(recording)) {
    const Known steal = steal_seconds(recording, *one);
    if (!steal) continue;
    TestTime& test = tests[one->test];
    test.steal += *steal;
    test.cpu += one->user.value + one->system.value;
    test.elapsed += to_seconds(one->end - one->begin).value;
    ++test.executions;
  }
  return tests;
}

std::string listed(std::vector<std::string> tests) {
  const std::size_t all = tests.size();
  if (all <= kShortNamed) return join(tests, ", ");
  tests.resize(kShortNamed);
  return fmt::format("{}, and in {} more", join(tests, ", "), all - kShortNamed);
}

// What was stolen is of all CPUs together, so that the command waited for no more than that.
std::optional<std::string> steal_text(const Recording& recording) {
  if (!recording.experiment.target.empty()) return std::nullopt;  // whose CPU time is unknown
  std::vector<std::string> tests;
  for (const auto& [number, test] : times_by_test(recording))
    if (test.is_short())
      tests.push_back(fmt::format("up to {:.3g} s in test {} (steal is {:.1f} % of its CPU time)",
                                  std::min(test.steal, test.elapsed) / test.executions, number,
                                  100 * test.steal / test.cpu));
  if (tests.empty()) return std::nullopt;
  return "less CPU than asked for: the elapsed time contains waiting for the hypervisor, " +
         listed(std::move(tests));
}

std::optional<std::string> entitlement_text(const Recording& recording) {
  if (state_text(recording.machine, "capped") != "yes") return std::nullopt;
  const Series shares = series_of(
      recording, [&](const Execution& one) { return or_nothing(entitlement_share(recording, one)); });
  std::vector<std::string> tests;
  for (const TestValue& test : shares.tests)
    if (test.value >= kUsedUp) tests.push_back(fmt::format("{:.1f} % in test {}", test.value, test.test));
  if (tests.empty()) return std::nullopt;
  return fmt::format(
      "the partition's entitlement of {} cores was used up, and it is capped: {}; more CPU was not to be had",
      state_text(recording.machine, "entitled_cores").value_or("unknown"), listed(std::move(tests)));
}

std::optional<std::string> mode_text(const Recording& recording) {
  const auto mode = state_text(recording.machine, "compatibility_mode");
  if (!mode) return std::nullopt;
  const auto pmu = state_text(recording.machine, "pmu");
  return fmt::format(
      "the processor is in a compatibility mode ({}): names and codes of events are those of {}; "
      "perfwatt list events asks the kernel which it counts",
      *mode, pmu ? fmt::format("the kernel's PMU, {}", *pmu) : "the mode");
}

}  // namespace

std::vector<GivenWarning> given_warnings(const Recording& recording) {
  std::vector<GivenWarning> warnings;
  const auto add = [&](const char* rule, const std::optional<std::string>& text) {
    if (text) warnings.push_back({rule, *text});
  };
  add("steal", steal_text(recording));
  add("partition-capped", entitlement_text(recording));
  add("compatibility-mode", mode_text(recording));
  return warnings;
}

}  // namespace pw
