// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/metrics/metric_tree.h"

#include <algorithm>
#include <cmath>

namespace pw {
namespace {

constexpr double kNothing = 1e-9;  // of the whole: what rounding leaves

std::optional<double> share(const Metric& part, const Metric& whole) {
  if (!part.value || !whole.value || whole.value->mean == 0) return std::nullopt;
  return part.value->mean / whole.value->mean;
}

const TestMetric* in_test(const Metric& metric, int test) {
  const auto at = std::ranges::lower_bound(metric.tests, test, {}, &TestMetric::test);
  return at != metric.tests.end() && at->test == test ? &*at : nullptr;
}

// In the tests that have the whole and every part.
void subtract(Metric& rest, const Metric& part) {
  std::erase_if(rest.tests, [&](const TestMetric& one) { return !in_test(part, one.test); });
  for (TestMetric& one : rest.tests) {
    const TestMetric& other = *in_test(part, one.test);
    one.value -= other.value;
    for (const auto& [event, band] : other.bands) one.bands[event] -= band;
  }
  rest.scaled = rest.scaled || part.scaled;
  rest.user_only = rest.user_only || part.user_only;
}

bool is_nothing(const Metric& rest, const Metric& whole) {
  return std::ranges::all_of(rest.tests, [&](const TestMetric& one) {
    return std::abs(one.value) <= kNothing * std::abs(in_test(whole, one.test)->value);
  });
}

class Tree {
 public:
  Tree(const MetricInputs& inputs, std::vector<Metric>& unknown) : inputs_(inputs), unknown_(unknown) {}

  std::vector<TreeRow> build(const MetricFact& root) {
    add(root, nullptr, 0);
    return std::move(rows_);
  }

 private:
  TreeRow row_of(Metric metric, const Metric* whole, int depth) const {
    TreeRow row{std::move(metric), depth, {}, {}, false, {}};
    if (whole) row.of_parent = share(row.metric, *whole);
    row.of_root = share(row.metric, rows_.empty() ? row.metric : rows_.front().metric);
    return row;
  }

  Metric add(const MetricFact& fact, const Metric* whole, int depth) {
    Metric metric = evaluate_metric(inputs_, fact);
    const std::size_t at = rows_.size();
    rows_.push_back(row_of(metric, whole, depth));
    if (!metric.value) unknown_.push_back(metric);
    add_parts(fact, metric, depth + 1);
    if (metric.value) return metric;
    if (rows_.size() == at + 1 && at > 0) rows_.pop_back();
    return metric;
  }

  void add_parts(const MetricFact& fact, const Metric& whole, int depth) {
    TreeRow rest;
    rest.metric = whole;
    rest.metric.key += ".other";
    rest.metric.name = fact.rest;
    bool any = false;
    for (const MetricFact* child : inputs_.list().children(fact.key)) {
      const Metric part = add(*child, &whole, depth);
      any = any || part.value;
      if (part.value)
        subtract(rest.metric, part);
      else
        rest.holding.push_back(part.name);
    }
    if (any && whole.value) add_rest(std::move(rest), whole, depth);
  }

  void add_rest(TreeRow rest, const Metric& whole, int depth) {
    if (is_nothing(rest.metric, whole) && rest.holding.empty()) return;
    summarise(rest.metric);
    TreeRow row = row_of(std::move(rest.metric), &whole, depth);
    row.remainder = true;
    row.holding = std::move(rest.holding);
    if (row.metric.value) rows_.push_back(std::move(row));
  }

  const MetricInputs& inputs_;
  std::vector<Metric>& unknown_;
  std::vector<TreeRow> rows_;
};

bool has(const std::vector<MetricFact>& chosen, const std::string& key) {
  return std::any_of(chosen.begin(), chosen.end(), [&](const MetricFact& fact) { return fact.key == key; });
}

}  // namespace

std::vector<TreeRow> metric_tree(const MetricInputs& inputs, const MetricFact& root,
                                 std::vector<Metric>& unknown) {
  return Tree(inputs, unknown).build(root);
}

Result<EvaluatedMetrics> evaluate_metrics(const Recording& recording, std::string_view list) {
  const auto chosen = choose_metrics(metrics_cpu(recording.machine), list);
  if (!chosen) return pass_on(chosen);
  const MetricInputs inputs(recording);
  EvaluatedMetrics all;
  for (const MetricFact& fact : chosen->metrics) {
    if (!fact.parent.empty() && has(chosen->metrics, fact.parent)) continue;
    if (!inputs.list().children(fact.key).empty()) {
      all.trees.push_back(metric_tree(inputs, fact, all.unknown));
      continue;
    }
    Metric metric = evaluate_metric(inputs, fact);
    (metric.value ? all.single : all.unknown).push_back(std::move(metric));
  }
  return all;
}

std::vector<std::string> known_trees(const MetricInputs& inputs) {
  std::vector<std::string> keys;
  for (const MetricFact& fact : inputs.list().metrics) {
    const auto parts = inputs.list().children(fact.key);
    if (!fact.parent.empty() || !has_value(inputs, fact)) continue;
    if (std::any_of(parts.begin(), parts.end(),
                    [&](const MetricFact* part) { return has_value(inputs, *part); }))
      keys.push_back(fact.key);
  }
  return keys;
}

}  // namespace pw
