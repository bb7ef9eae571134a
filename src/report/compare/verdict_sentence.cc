// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/compare/comparison_page.h"

namespace pw {
namespace {

constexpr std::size_t kNamed = 4;

std::string list_of(const Comparison& comparison, CompareVerdict verdict) {
  std::vector<std::string> names;
  std::size_t more = 0;
  for (const bool named : {true, false})
    for (const ComparedRow& row : comparison.rows) {
      if (row.verdict != verdict || row.named != named) continue;
      if (names.size() == kNamed)
        ++more;
      else
        names.push_back(row.reason.empty() ? row.quantity : fmt::format("{} ({})", row.quantity, row.reason));
    }
  std::string text = join(names, ", ");
  return more > 0 ? text + fmt::format(" and {} more", more) : text;
}

}  // namespace

std::string verdict_sentence(const Comparison& comparison) {
  std::vector<std::string> parts;
  for (const auto& [verdict, word] :
       {std::pair{CompareVerdict::better, "better"},
        {CompareVerdict::worse, "worse"},
        {CompareVerdict::changed, "changed"},
        {CompareVerdict::differs,
         comparison.reference.empty() ? "the recordings differ in" : "the variants differ in"}})
    if (const std::string list = list_of(comparison, verdict); !list.empty())
      parts.push_back(fmt::format("{}: {}", word, list));
  const auto count = [&](CompareVerdict verdict) {
    return std::ranges::count(comparison.rows, verdict, &ComparedRow::verdict);
  };
  if (parts.empty())
    parts.emplace_back(count(CompareVerdict::same) > 0 ? "no difference was found" : "nothing can be told");
  parts.push_back(fmt::format("{} the same, {} cannot be told, {} not comparable",
                              count(CompareVerdict::same), count(CompareVerdict::cannot_tell),
                              count(CompareVerdict::not_comparable)));
  return join(parts, "; ");
}

}  // namespace pw
