// SPDX-License-Identifier: GPL-3.0-or-later
// Whether many quantities differ between an old and a new side, and which of them may be called so. Rules and
// their coverage: docs/method.md, "Comparison".
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/compare/compare_input.h"
#include "analyze/statistics/bootstrap.h"

namespace pw {

enum class CompareVerdict { better, worse, changed, differs, same, cannot_tell, not_comparable };

std::string_view to_text(Basis basis);             // "interleaved", "sessions", "one-session"
std::string_view to_text(CompareVerdict verdict);  // "better", "cannot-tell", ...
bool is_claim(CompareVerdict verdict);             // better, worse, changed, differs

struct ComparedRow {
  std::string quantity, unit;
  bool named = false;
  std::optional<double> old_median, new_median;
  std::optional<double> ratio;   // new / old, Hodges and Lehmann's on logarithms
  std::optional<Interval> ci95;  // of the ratio
  std::optional<double> p;       // of this row alone
  CompareVerdict verdict = CompareVerdict::cannot_tell;
  std::string reason;  // in words: why not, or by how much
};

struct CompareRules {
  double same_within = 0.02;         // relative
  std::optional<double> session_sd;  // relative: how far the means of sessions are known to be apart
};

struct Decided {
  Basis basis = Basis::one_session;
  std::vector<ComparedRow> rows;  // in the order of the inputs
  int by_chance = 0;              // rows with p below 5 % that are not claimed
};

// All inputs paired, or none.
Decided decide(std::span<const CompareInput> inputs, const CompareRules& rules);

}  // namespace pw
