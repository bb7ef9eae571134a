// SPDX-License-Identifier: GPL-3.0-or-later
// The metrics of data/events, evaluated over a recording. docs/method.md has the formulas.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analyze/metrics/metric_inputs.h"
#include "analyze/statistics/statistics.h"
#include "model/recording.h"

namespace pw {

// A metric of one test. `bands`: by how much each multiplexed event may move it.
struct TestMetric {
  int test = 0;
  double value = 0;
  std::map<std::string, double> bands;
};

struct Metric {
  std::string key;
  std::string name;
  std::string unit;  // "", "%", "GHz"
  std::optional<Statistics> value;
  std::optional<double> band;        // half-width of the 95 % band of scaled counts
  std::vector<std::string> missing;  // the events that have no value
  std::string why;                   // why there is no value: "not-supported: ..."
  bool scaled = false;               // an input was multiplexed
  bool user_only = false;            // an input was counted in user mode only
  std::vector<TestMetric> tests;     // by test
};

// Events of different passes are joined by their counts per instruction, since instructions ride in every
// pass.
Metric evaluate_metric(const MetricInputs& inputs, const MetricFact& fact);

// Whether it has a value in some test: sooner known than the value.
bool has_value(const MetricInputs& inputs, const MetricFact& fact);

// Fills in value and band out of the tests.
void summarise(Metric& metric);

// The standard ones, known or not, then the other generic ones that are known.
std::vector<Metric> metrics(const MetricInputs& inputs);

}  // namespace pw
