// SPDX-License-Identifier: GPL-3.0-or-later
// What the rules of findings take from a recording.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "analyze/metrics/metric_inputs.h"
#include "analyze/series/measurand.h"
#include "facts/findings.h"
#include "model/recording.h"

namespace pw {

// All must outlive it.
class FindingInputs {
 public:
  FindingInputs(const Recording& recording, const MetricInputs& metrics,
                std::span<const Measurand* const> measurands);

  // "power10"; "" where the recording does not say what its CPU is.
  const std::string& cpu() const { return cpu_; }
  // By index of the rule's inputs.
  std::vector<InputValue> of(const FindingRule& rule) const;

 private:
  InputValue value(const FindingInput& input) const;
  InputValue measured(const FindingInput& input) const;
  InputValue counted(const std::string& event) const;
  InputValue metric(const std::string& key) const;

  const Recording& recording_;
  std::span<const Measurand* const> measurands_;
  const MetricInputs& metrics_;
  std::string cpu_;
};

}  // namespace pw
