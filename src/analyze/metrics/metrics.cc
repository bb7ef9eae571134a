// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/metrics/metrics.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "base/text.h"
#include "facts/formula.h"

namespace pw {
namespace {

using Operands = std::map<std::string, Banded, std::less<>>;  // by symbol

const PassValues kNone;

const PassValues& of_test(const TestValues& all, int test) {
  const auto at = all.find(test);
  return at == all.end() ? kNone : at->second;
}

// The mean over the passes for which `wanted` holds; nothing where there is none.
template <class Wanted>
std::optional<Banded> mean(const PassValues& passes, Wanted wanted) {
  double sum = 0, squares = 0, count = 0;
  for (const auto& [pass, one] : passes) {
    if (!wanted(pass)) continue;
    sum += one.value;
    squares += one.band * one.band;
    ++count;
  }
  return count > 0 ? std::optional(Banded{sum / count, std::sqrt(squares) / count}) : std::nullopt;
}

// The count per instruction over its passes, times the test's mean number of instructions.
std::optional<Banded> by_instructions(const PassValues& counts, const PassValues& instructions) {
  const auto has_it = [&](int pass) { return counts.contains(pass); };
  const auto anywhere = [](int) { return true; };
  for (const auto& [pass, one] : counts)
    if (!instructions.contains(pass)) return std::nullopt;
  const auto count = mean(counts, anywhere), there = mean(instructions, has_it);
  if (!count || !there || there->value == 0) return std::nullopt;
  const double factor = mean(instructions, anywhere)->value / there->value;
  return Banded{count->value * factor, count->band * factor};
}

class Evaluation {
 public:
  Evaluation(const MetricInputs& inputs, const MetricFact& fact)
      : inputs_(inputs), fact_(fact), metric_{fact.key, fact.title, fact.unit, {},    {},
                                              {},       {},         false,     false, {}} {}

  Metric run() {
    check_inputs();
    if (!metric_.missing.empty()) return std::move(metric_);
    for (const auto& [test, unused] : inputs_.seconds()) evaluate_test(test);
    summarise(metric_);
    if (metric_.value) metric_.why.clear();
    return std::move(metric_);
  }

 private:
  const EventCounts& counts(const MetricEvent& one) const { return inputs_.counts(one.event); }

  void check_inputs() {
    bool clock = false;
    for (const MetricEvent& one : fact_.events) {
      metric_.scaled = metric_.scaled || counts(one).scaled;
      metric_.user_only = metric_.user_only || counts(one).user_only;
      clock = clock || counts(one).clock;
      if (counts(one).tests.empty()) miss(one, counts(one).why);
    }
    if (!metric_.missing.empty() || !clock || !metric_.user_only) return;
    for (const MetricEvent& one : fact_.events)
      if (counts(one).user_only) miss(one, "counted in user mode only, while task-clock runs in both modes");
  }

  void miss(const MetricEvent& one, const std::string& why) {
    metric_.missing.push_back(one.event);
    if (metric_.why.empty()) metric_.why = why;
  }

  // The passes of a test that count every event.
  std::set<int> common_passes(int test) const {
    std::set<int> common;
    for (const auto& [pass, unused] : of_test(inputs_.seconds(), test)) common.insert(pass);
    for (const MetricEvent& one : fact_.events)
      std::erase_if(common, [&](int pass) { return !of_test(counts(one).tests, test).contains(pass); });
    return common;
  }

  std::optional<Operands> operands(int test) const {
    const std::set<int> common = common_passes(test);
    const auto joined = [&](int pass) { return common.empty() || common.contains(pass); };
    Operands all;
    all[std::string(kElapsedSymbol)] = *mean(of_test(inputs_.seconds(), test), joined);
    if (inputs_.cpus()) all[std::string(kCpusSymbol)] = {*inputs_.cpus(), 0};
    for (const MetricEvent& one : fact_.events) {
      const PassValues& passes = of_test(counts(one).tests, test);
      const auto value = common.empty()
                             ? by_instructions(passes, of_test(inputs_.counts("instructions").tests, test))
                             : mean(passes, joined);
      if (!value) return std::nullopt;
      all[one.symbol] = *value;
    }
    return all;
  }

  // The formula, with one symbol moved by `steps` of its bands.
  Result<double> value_of(const Operands& all, std::string_view moved = "", double steps = 0) const {
    return evaluate(fact_.formula, [&](std::string_view symbol) -> std::optional<double> {
      const auto at = all.find(symbol);
      if (at == all.end()) return std::nullopt;
      return at->second.value + (symbol == moved ? steps * at->second.band : 0);
    });
  }

  // Half of what the formula changes by over the band of a symbol; nothing where it has no value at an end.
  std::optional<double> effect(const Operands& all, const std::string& symbol) const {
    const auto more = value_of(all, symbol, 1), less = value_of(all, symbol, -1);
    return more && less ? std::optional((*more - *less) / 2) : std::nullopt;
  }

  void evaluate_test(int test) {
    const auto all = operands(test);
    if (!all) return explain(names() + ": no pass nor instructions join them");
    const Result<double> value = value_of(*all);
    if (!value) return explain(reason(value.error()));
    TestMetric& one = metric_.tests[test];
    one.value = *value;
    for (const MetricEvent& event : fact_.events)
      if (all->at(event.symbol).band > 0)
        one.bands[event.event] = effect(*all, event.symbol).value_or(std::abs(*value));
  }

  void explain(std::string why) {
    if (metric_.why.empty()) metric_.why = std::move(why);
  }

  std::string names() const {
    std::vector<std::string> all;
    for (const MetricEvent& one : fact_.events) all.push_back(one.event);
    return join(all, ", ");
  }

  std::string reason(const Error& error) const {
    std::string name = error.where;
    for (const MetricEvent& one : fact_.events)
      if (one.symbol == name) name = one.event;
    if (error.what == "division by zero") return name + " is 0";
    if (name == kCpusSymbol) return "how many CPUs were online is not recorded";
    return error.what + (name.empty() ? "" : " '" + name + "'");
  }

  const MetricInputs& inputs_;
  const MetricFact& fact_;
  Metric metric_;
};

double root_of_squares(const std::map<std::string, double>& parts) {
  double squares = 0;
  for (const auto& [name, part] : parts) squares += part * part;
  return std::sqrt(squares);
}

}  // namespace

Metric evaluate_metric(const MetricInputs& inputs, const MetricFact& fact) {
  return Evaluation(inputs, fact).run();
}

void summarise(Metric& metric) {
  std::vector<double> values, bands;
  for (const auto& [test, one] : metric.tests) {
    values.push_back(one.value);
    bands.push_back(root_of_squares(one.bands));
  }
  metric.value = statistics(values);
  metric.band = std::nullopt;
  if (const auto band = statistics(bands); band && band->mean > 0) metric.band = band->mean;
}

std::vector<Metric> metrics(const MetricInputs& inputs) {
  std::vector<Metric> all, more;
  for (const MetricFact& fact : inputs.list().metrics) {
    if (fact.group != "generic") continue;
    Metric metric = evaluate_metric(inputs, fact);
    if (fact.standard)
      all.push_back(std::move(metric));
    else if (metric.value)
      more.push_back(std::move(metric));
  }
  std::move(more.begin(), more.end(), std::back_inserter(all));
  return all;
}

}  // namespace pw
