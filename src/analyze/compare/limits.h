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

struct BrokenLimit {
  std::string variant;  // of the comparison
  Limit limit;
  std::string text;  // "elapsed: 13 % more, over the limit elapsed>2%"
};

// Those whose row is claimed, with all of its interval beyond. With `strict` also where it cannot be told or
// compared. Errors (input): no such quantity.
Result<std::vector<BrokenLimit>> broken_limits(std::span<const Comparison> comparisons,
                                               std::span<const Limit> limits, bool strict);

}  // namespace pw
