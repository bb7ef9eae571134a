// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/power_analysis.h"

#include <algorithm>

namespace pw {

std::optional<bool> CrossCheck::agree() const {
  if (compared == 0) return std::nullopt;
  return agreeing >= 0.95 * compared;
}

std::string_view agreement(const CrossCheck& check) {
  const auto agree = check.agree();
  return !agree ? "unknown" : *agree ? "agree" : "differ";
}

std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "pass";
    case Verdict::fail:
      return "fail";
    case Verdict::unknown:
      break;
  }
  return "unknown";
}

Verdict Validity::verdict() const {
  const auto any = [&](Verdict verdict) {
    return std::ranges::count(rules, verdict, &RuleResult::verdict) > 0;
  };
  return any(Verdict::fail) ? Verdict::fail : any(Verdict::unknown) ? Verdict::unknown : Verdict::pass;
}

}  // namespace pw
