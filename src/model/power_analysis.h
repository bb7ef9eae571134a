// SPDX-License-Identifier: GPL-3.0-or-later
// What analyze/ finds out about a run's power, and report/ and store/ write. Formulas: docs/method.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/energy.h"

namespace pw {

// How far a channel's curve is behind the tests; below zero: ahead.
struct SensorLag {
  Seconds lag;
  Seconds uncertainty;
  bool significant() const { return lag.value > uncertainty.value || -lag.value > uncertainty.value; }
};

// Two channels of the same scope from different sources.
struct CrossCheck {
  std::string scope;
  std::string first_source, first_channel;  // source: shown_name()
  std::string second_source, second_channel;
  std::optional<double> ratio;  // of the energies: first / second
  std::optional<Watts> offset;  // of the idle levels: first - second
  std::optional<Seconds> lag;  // of the second behind the first; nothing: their curves are too even or unlike
  int compared = 0;            // executions that both measured
  int agreeing = 0;            // within their uncertainties
  std::optional<bool> agree() const;  // nothing where none was compared
};
std::string_view agreement(const CrossCheck& check);  // "agree", "differ", "unknown"

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

struct ChannelLag {
  std::string source, channel;
  SensorLag lag;
};

// What reading a source cost.
struct SamplerCost {
  std::string source;  // shown_name()
  std::optional<double>
      cpus;  // of its thread: 0.01 is a hundredth of one CPU; nothing: fewer than two readings
  std::optional<Watts> watts;  // estimated; nothing: what a CPU draws is not known here
};

struct PowerAnalysis {
  std::vector<EnergyRow> energy;
  std::vector<ChannelLag> lags;  // of the channels that show one
  std::vector<CrossCheck> cross_checks;
  std::vector<Validity> validity;     // one per channel
  std::vector<SamplerCost> samplers;  // one per source
};

}  // namespace pw
