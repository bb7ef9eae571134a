// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/confirmation.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace pw {
namespace {

const Comparison* of_variant(std::span<const Comparison> all, const std::string& variant) {
  const auto at = std::ranges::find(all, variant, &Comparison::variant);
  return at == all.end() ? nullptr : &*at;
}

const ComparedRow* row_of(const Comparison& one, const std::string& quantity) {
  const auto at = std::ranges::find(one.rows, quantity, &ComparedRow::quantity);
  return at == one.rows.end() ? nullptr : &*at;
}

bool comparable(const ComparedRow* row) { return row && row->verdict != CompareVerdict::not_comparable; }

tl::unexpected<Error> fail_other(std::string what) {
  return fail(Failure::input, std::move(what), "--confirm", "CMD records again what NEW has, into {FILE}");
}

// Of something else nothing is confirmed.
Result<> check_same(const BrokenLimit& broken, const Comparison& first, const Comparison* again) {
  if (!again) return fail_other("the new recording has no variant '" + printable(broken.variant) + "'");
  if (again->measured[1] != first.measured[1])
    return fail_other(fmt::format("the new recording is of '{}', not of '{}'", printable(again->measured[1]),
                                  printable(first.measured[1])));
  const std::string& quantity = broken.limit.quantity;
  const ComparedRow* row = row_of(*again, quantity);
  if (comparable(row) || !comparable(row_of(first, quantity))) return {};
  return fail_other(fmt::format("{} cannot be compared in the new recording: {}", printable(quantity),
                                row ? printable(row->reason) : "it has none"));
}

std::string said_of(const ComparedRow* row) {
  if (!row) return "";
  return fmt::format("{}: {}{}", row->quantity, to_text(row->verdict),
                     row->reason.empty() ? "" : " (" + row->reason + ")");
}

}  // namespace

Result<std::vector<ConfirmedLimit>> confirmed_limits(std::span<const BrokenLimit> broken,
                                                     std::span<const Comparison> first,
                                                     std::span<const Comparison> again, bool strict) {
  std::vector<ConfirmedLimit> all;
  for (const BrokenLimit& one : broken) {
    const Comparison* other = of_variant(again, one.variant);
    if (const Result<> same = check_same(one, *of_variant(first, one.variant), other); !same)
      return pass_on(same);
    const auto too = broken_limits({other, 1}, {&one.limit, 1}, strict);
    if (!too) return pass_on(too);
    all.push_back(
        {one, !too->empty(), too->empty() ? said_of(row_of(*other, one.limit.quantity)) : too->front().text});
  }
  return all;
}

bool any_confirmed(const Confirmation& confirmation) {
  return std::ranges::any_of(confirmation.limits, &ConfirmedLimit::confirmed);
}

}  // namespace pw
