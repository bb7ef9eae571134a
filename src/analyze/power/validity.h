// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/power/curve.h"
#include "analyze/power/energy_row.h"
#include "analyze/power/idle.h"
#include "model/recording.h"

namespace pw {

enum class Verdict { pass, fail, unknown };
std::string_view to_text(Verdict verdict);  // "pass", "fail", "unknown"

struct RuleResult {
  std::string_view rule;  // "samples"
  Verdict verdict = Verdict::unknown;
  std::string finding;  // with its number: "0.98 readings a second; 1 or more are asked for"
};

struct Validity {
  std::string source, channel;
  std::vector<RuleResult> rules;
  Verdict verdict() const;  // fail where one fails, else unknown where one is
};

// A channel against the rules of docs/method.md, "Validity". `energy`: its rows.
struct ValidityInput {
  std::size_t channel;
  const Samples& samples;
  const IdleLevels& idle;
  std::span<const EnergyRow> energy;
};
Validity validity(const Recording& recording, const ValidityInput& input);

}  // namespace pw
