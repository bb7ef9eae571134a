// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/leftovers.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace pw {
namespace {

constexpr int kMostTold = 5;
constexpr std::size_t kMostNamed = 8;

std::string names_of(const std::vector<Process>& processes) {
  std::vector<std::string> names;
  for (const Process& one : processes) names.push_back(fmt::format("{} ({})", one.name, one.id));
  if (names.size() > kMostNamed) names.resize(kMostNamed), names.emplace_back("...");
  return fmt::format("{}", fmt::join(names, ", "));
}

// "2, 4-11"
std::string ranges(const std::vector<int>& tests) {
  std::string text;
  for (std::size_t first = 0, last = 0; first < tests.size(); first = last + 1) {
    for (last = first; last + 1 < tests.size() && tests[last + 1] == tests[last] + 1;) ++last;
    text += (text.empty() ? "" : ", ") + std::to_string(tests[first]);
    if (last > first) text += "-" + std::to_string(tests[last]);
  }
  return text;
}

}  // namespace

std::string execution_name(const Execution& execution, const Experiment& experiment) {
  const std::string name =
      execution.warmup() ? "the warm-up" : fmt::format("test {}, pass {}", execution.test, execution.pass);
  if (experiment.variants.empty()) return name;
  return name + " of " + experiment.variants[static_cast<std::size_t>(execution.variant)].label;
}

std::optional<std::string> Leftovers::add(const Ran& ran, const std::string& name) {
  const int test = ran.execution.test;
  if (ran.met && test > 0 && (tests_.empty() || tests_.back() != test)) tests_.push_back(test);
  if (ran.left.empty() || ++leaving_ > kMostTold) return std::nullopt;
  return fmt::format("{} left {} process{} running: {}", name, ran.left.size(),
                     ran.left.size() == 1 ? "" : "es", names_of(ran.left));
}

std::optional<std::string> Leftovers::summary() const {
  std::string text;
  if (leaving_ > kMostTold) text = fmt::format("{} executions left processes running", leaving_);
  if (!tests_.empty())
    text += fmt::format("{}what earlier executions left running was still there in test{} {}",
                        text.empty() ? "" : "; ", tests_.size() == 1 ? "" : "s", ranges(tests_));
  return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace pw
