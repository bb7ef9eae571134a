// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/metrics/metrics.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "facts/formula.h"

namespace pw {
namespace {

struct Operand {
  std::string_view symbol;
  Banded value;
};
using Operands = std::vector<Operand>;  // few: looked through from the first

const Banded* find(const Operands& all, std::string_view symbol) {
  const auto at = std::ranges::find(all, symbol, &Operand::symbol);
  return at == all.end() ? nullptr : &at->value;
}

// The mean over the rows of a test for which `wanted` holds; nothing where no such row has a value.
template <class Values, class Wanted>
std::optional<Banded> mean(const TestRows& rows, const Values& value_of, const Wanted& wanted) {
  double sum = 0, squares = 0, count = 0;
  for (std::size_t row = rows.begin; row < rows.end; ++row) {
    const std::optional<Banded> one = wanted(row) ? value_of(row) : std::nullopt;
    if (!one) continue;
    sum += one->value;
    squares += one->band * one->band;
    ++count;
  }
  return count > 0 ? std::optional(Banded{sum / count, std::sqrt(squares) / count}) : std::nullopt;
}

// By row, also where there are none.
auto values_of(const EventCounts& counts) {
  return [&values = counts.values](std::size_t row) { return values.empty() ? std::nullopt : values[row]; };
}

bool anywhere(std::size_t) { return true; }

// The count per instruction over its passes, times the test's mean number of instructions.
std::optional<Banded> by_instructions(const TestRows& rows, const EventCounts& event,
                                      const EventCounts& instructions) {
  const auto counts = values_of(event), executed = values_of(instructions);
  const auto has_it = [&](std::size_t row) { return counts(row).has_value(); };
  for (std::size_t row = rows.begin; row < rows.end; ++row)
    if (has_it(row) && !executed(row)) return std::nullopt;
  const auto count = mean(rows, counts, anywhere), there = mean(rows, executed, has_it);
  if (!count || !there || there->value == 0) return std::nullopt;
  const double factor = mean(rows, executed, anywhere)->value / there->value;
  return Banded{count->value * factor, count->band * factor};
}

class Evaluation {
 public:
  Evaluation(const MetricInputs& inputs, const MetricFact& fact)
      : inputs_(inputs), fact_(fact), metric_{fact.key, fact.title, fact.unit, {},    {},
                                              {},       {},         false,     false, {}} {
    for (const MetricEvent& one : fact.events) counts_.push_back(&inputs.counts(one.event));
    check_inputs();
  }

  bool has_value() {
    if (!metric_.missing.empty()) return false;
    return std::ranges::any_of(inputs_.tests(), [&](const TestRows& rows) {
      evaluate_test(rows);
      return !metric_.tests.empty();
    });
  }

  Metric run() {
    if (!metric_.missing.empty()) return std::move(metric_);
    metric_.tests.reserve(inputs_.tests().size());
    for (const TestRows& rows : inputs_.tests()) evaluate_test(rows);
    summarise(metric_);
    if (metric_.value && is_rate()) weigh_by_time(*metric_.value);
    if (metric_.value) metric_.why.clear();
    return std::move(metric_);
  }

 private:
  void check_inputs() {
    bool clock = false;
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      metric_.scaled = metric_.scaled || counts_[i]->scaled;
      metric_.user_only = metric_.user_only || counts_[i]->user_only;
      clock = clock || counts_[i]->clock;
      if (counts_[i]->values.empty()) miss(i, counts_[i]->why);
    }
    if (!metric_.missing.empty() || !clock || !metric_.user_only) return;
    for (std::size_t i = 0; i < counts_.size(); ++i)
      if (counts_[i]->user_only) miss(i, "counted in user mode only, while task-clock runs in both modes");
  }

  void miss(std::size_t event, const std::string& why) {
    metric_.missing.push_back(fact_.events[event].event);
    if (metric_.why.empty()) metric_.why = why;
  }

  bool has_all(std::size_t row) const {
    return std::ranges::all_of(counts_,
                               [&](const EventCounts* one) { return values_of(*one)(row).has_value(); });
  }

  // From the passes that count every event, if there are such.
  std::optional<Operands> operands(const TestRows& rows) const {
    bool together = false;
    for (std::size_t row = rows.begin; row < rows.end; ++row) together = together || has_all(row);
    const auto joined = [&](std::size_t row) { return !together || has_all(row); };
    Operands all;
    all.reserve(counts_.size() + 2);
    const auto seconds = [&](std::size_t row) { return std::optional(Banded{inputs_.seconds(row), 0}); };
    all.push_back({kElapsedSymbol, *mean(rows, seconds, joined)});
    if (inputs_.cpus()) all.push_back({kCpusSymbol, {*inputs_.cpus(), 0}});
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      const auto value = together ? mean(rows, values_of(*counts_[i]), joined)
                                  : by_instructions(rows, *counts_[i], inputs_.counts("instructions"));
      if (!value) return std::nullopt;
      all.push_back({fact_.events[i].symbol, *value});
    }
    return all;
  }

  // The formula, with one symbol moved by `steps` of its bands.
  Result<double> value_of(const Operands& all, std::string_view moved = "", double steps = 0) const {
    return evaluate(fact_.formula, [&](std::string_view symbol) -> std::optional<double> {
      const Banded* one = find(all, symbol);
      if (!one) return std::nullopt;
      return one->value + (symbol == moved ? steps * one->band : 0);
    });
  }

  // Half of what the formula changes by over the band of a symbol; nothing where it has no value at an end.
  std::optional<double> effect(const Operands& all, const std::string& symbol) const {
    const auto more = value_of(all, symbol, 1), less = value_of(all, symbol, -1);
    return more && less ? std::optional((*more - *less) / 2) : std::nullopt;
  }

  void evaluate_test(const TestRows& rows) {
    const auto all = operands(rows);
    if (!all) return explain(names() + ": no pass nor instructions join them");
    const Result<double> value = value_of(*all);
    if (!value) return explain(reason(value.error()));
    TestMetric& one = metric_.tests.emplace_back(TestMetric{rows.test, *value, {}});
    seconds_.push_back(find(*all, kElapsedSymbol)->value);
    for (const MetricEvent& event : fact_.events)
      if (find(*all, event.symbol)->band > 0)
        one.bands[event.event] = effect(*all, event.symbol).value_or(std::abs(*value));
  }

  bool is_rate() const {
    const auto symbols = formula_symbols(fact_.formula);
    return std::ranges::count(symbols, kElapsedSymbol) > 0;
  }

  // The ratio of the means, as every rate is one; of the tests' residuals from it, its interval.
  void weigh_by_time(Statistics& value) const {
    double sum = 0, time = 0;
    for (std::size_t i = 0; i < seconds_.size(); ++i) {
      sum += metric_.tests[i].value * seconds_[i];
      time += seconds_[i];
    }
    if (!(time > 0)) return;
    const double rate = sum / time, mean_time = time / static_cast<double>(seconds_.size());
    std::vector<double> around;
    for (std::size_t i = 0; i < seconds_.size(); ++i)
      around.push_back(rate + (metric_.tests[i].value - rate) * seconds_[i] / mean_time);
    value.mean = rate;
    value.half_width = statistics(around)->half_width;
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
  std::vector<const EventCounts*> counts_;  // of its events
  std::vector<double> seconds_;             // of its tests
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

bool has_value(const MetricInputs& inputs, const MetricFact& fact) {
  return Evaluation(inputs, fact).has_value();
}

void summarise(Metric& metric) {
  std::vector<double> values, bands;
  for (const TestMetric& one : metric.tests) {
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
