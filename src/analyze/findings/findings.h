// SPDX-License-Identifier: GPL-3.0-or-later
// What the rules of data/findings say of a recording.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/metrics/metric_inputs.h"
#include "analyze/series/measurand.h"
#include "facts/findings.h"
#include "model/recording.h"

namespace pw {

enum class FindingStatus { applies, applies_not, unknown };
std::string_view to_text(FindingStatus status);  // "applies", "does-not-apply", "cannot-tell"

struct FindingOutcome {
  std::string rule;   // "threads-on-cores"
  std::string title;  // "more threads than cores"
  FindingStatus status = FindingStatus::unknown;
  std::string text;  // the figures; of `unknown`, and of a rule for other CPUs, why
  std::string next;  // what to do: where it applies, about it; where it cannot be told, to tell; else ""
  std::string source;
  std::string condition;  // with the inputs' symbols: "threads > cores"
};

// A rule with the values of its inputs.
FindingOutcome judge(const FindingRule& rule, const std::vector<InputValue>& values);

// An outcome of every rule, in their order. `inputs`, `measurands`: of the recording.
std::vector<FindingOutcome> findings(const Recording& recording, const MetricInputs& inputs,
                                     std::span<const Measurand* const> measurands);

}  // namespace pw
