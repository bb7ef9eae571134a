// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/compare/aa_page.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "report/compare/comparison_parts.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

double share_of(std::size_t count, std::size_t all) {
  return all > 0 ? static_cast<double>(count) / static_cast<double>(all) : 0;
}

std::string kind_of(const Aa& aa, const AaClaims& claims) {
  if (aa.recordings == 1)
    return fmt::format("{} tests against the {} after them", claims.values, claims.values);
  if (claims.basis == Basis::sessions) return "three recordings against the three after them";
  return "one recording against another";
}

void add_claims(Page& page, const Aa& aa, const AaClaims& claims) {
  page.line(
      wrapped(fmt::format("{}: {} of {} claim a difference ({:.3g} %)", kind_of(aa, claims), claims.claimed,
                          claims.comparisons, 100 * share_of(claims.claimed, claims.comparisons)),
              page.width(), 0));
  page.paragraph("alone",
                 fmt::format("{} of them have nothing in common: so many tell by themselves", claims.apart));
  std::vector<std::string> never, unknown;
  for (const AaRow& row : claims.rows)
    if (row.claimed > 0)
      page.line("  " + pad_right(printable(row.quantity), kCompareLabel) +
                pad_left(fmt::format("{} of {}", row.claimed, row.compared), kCompareNumber) +
                pad_left(fmt::format("{:.3g} %", 100 * share_of(row.claimed, row.compared)), kCompareNumber));
    else
      (row.compared > 0 ? never : unknown).push_back(row.quantity);
  if (!never.empty()) page.paragraph("never", join(never, ", "));
  if (!unknown.empty()) page.paragraph("unknown", join(unknown, ", ") + ": none could be compared");
}

void add_spread(Page& page, const Aa& aa) {
  if (aa.spread.empty()) return;
  page.title("how far the means of these recordings are apart (standard deviation)");
  for (const SessionSpread& one : aa.spread)
    page.line("  " + pad_right(printable(one.quantity), kCompareLabel) +
              pad_left(fmt::format("{:.3g} %", 100 * one.deviation), kCompareNumber));
  page.paragraph("use", "compare OLD --with NEW --session-sd SHARE: two files then tell of the code");
}

}  // namespace

std::string aa_text(const Aa& aa, const TextStyle& style) {
  Page page(style, false);
  for (const AaClaims& claims : aa.claims) {
    if (!page.text().empty()) page.line();
    add_claims(page, aa, claims);
  }
  add_spread(page, aa);
  return page.text();
}

std::string aa_json(const Aa& aa) {
  using Json = nlohmann::ordered_json;
  Json document = {{"format", "perfwatt-aa"}, {"recordings", aa.recordings}, {"comparisons", Json::array()}};
  for (const AaClaims& claims : aa.claims) {
    Json one = {{"of", aa.recordings == 1 ? "blocks" : "recordings"},
                {"basis", to_text(claims.basis)},
                {"a_side", claims.values},
                {"made", claims.comparisons},
                {"independent", claims.apart},
                {"claimed", claims.claimed},
                {"rows", Json::array()}};
    for (const AaRow& row : claims.rows)
      one["rows"].push_back(
          {{"quantity", row.quantity}, {"compared", row.compared}, {"claimed", row.claimed}});
    document["comparisons"].push_back(std::move(one));
  }
  document["session_sd"] = Json::array();
  for (const SessionSpread& one : aa.spread)
    document["session_sd"].push_back({{"quantity", one.quantity}, {"deviation", one.deviation}});
  return document.dump(1, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace pw
