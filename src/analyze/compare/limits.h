// SPDX-License-Identifier: GPL-3.0-or-later
// What may not get worse: "elapsed>2%".
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/compare/comparison.h"
#include "base/result.h"

namespace pw {

struct Limit {
  std::string text, quantity;
  bool rises = true;  // '>': by more than `by`; '<': falls by more than that
  double by = 0;      // relative
};

// "2%", "2 %" or "0.02" as 0.02. Errors (input), as those below: no number, or not from 0 to below 1 (100 %).
Result<double> parse_share(std::string_view text, const std::string& where);
// "QUANTITY>SHARE" or "QUANTITY<SHARE".
Result<Limit> parse_limit(const std::string& text);

// A sentence for each limit that is broken: the row is claimed, and all of its interval lies beyond. With
// `strict` also for what cannot be told or compared. Errors (input): no such quantity.
Result<std::vector<std::string>> broken_limits(const Comparison& comparison, std::span<const Limit> limits,
                                               bool strict);

}  // namespace pw
