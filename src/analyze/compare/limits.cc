// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace pw {
namespace {

bool beyond(const ComparedRow& row, const Limit& limit) {
  if (!is_claim(row.verdict) || !row.ci95) return false;
  return limit.rises ? row.ci95->low > 1 + limit.by : row.ci95->high < 1 - limit.by;
}

bool untold(const ComparedRow& row) {
  return row.verdict == CompareVerdict::cannot_tell || row.verdict == CompareVerdict::not_comparable;
}

// "": it is not.
std::string how_broken(const ComparedRow& row, const Limit& limit, bool strict) {
  if (beyond(row, limit))
    return fmt::format("{}: {}, over the limit {}", row.quantity, row.reason, limit.text);
  if (strict && untold(row))
    return fmt::format("{}: {} ({})", row.quantity, to_text(row.verdict), row.reason);
  return "";
}

tl::unexpected<Error> fail_unknown(const Limit& limit) {
  return fail(Failure::input, fmt::format("no recording has a quantity '{}'", printable(limit.quantity)),
              "--fail-if", "perfwatt compare without --fail-if lists them");
}

}  // namespace

Result<double> parse_share(std::string_view text, const std::string& where) {
  std::string_view number = trim(text);
  const bool percent = number.ends_with('%');
  if (percent) number = trim(number.substr(0, number.size() - 1));
  const auto value = parse_number(std::string(number));
  const double share = value.value_or(-1) / (percent ? 100 : 1);
  if (!value || share < 0 || share >= 1)
    return fail(Failure::input, fmt::format("'{}' is no share", printable(text)), where,
                "2% or 0.02, for one: from 0 to below 100 %");
  return share;
}

Result<Limit> parse_limit(const std::string& text) {
  const std::size_t sign = text.find_last_of("<>");
  if (sign == std::string::npos || trim(text.substr(0, sign)).empty())
    return fail(Failure::input, fmt::format("'{}' is no limit", printable(text)), "--fail-if",
                "QUANTITY>SHARE or QUANTITY<SHARE: 'elapsed>2%', 'items-per-second<2%'");
  const Result<double> by = parse_share(std::string_view(text).substr(sign + 1), "--fail-if");
  if (!by) return pass_on(by);
  return Limit{text, std::string(trim(text.substr(0, sign))), text[sign] == '>', *by};
}

Result<std::vector<BrokenLimit>> broken_limits(std::span<const Comparison> comparisons,
                                               std::span<const Limit> limits, bool strict) {
  std::vector<BrokenLimit> broken;
  for (const Comparison& one : comparisons)
    for (const Limit& limit : limits) {
      const auto row = std::ranges::find(one.rows, limit.quantity, &ComparedRow::quantity);
      if (row == one.rows.end()) return fail_unknown(limit);
      if (std::string text = how_broken(*row, limit, strict); !text.empty())
        broken.push_back({one.variant, limit, std::move(text)});
    }
  return broken;
}

}  // namespace pw
