// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "export/table_text.h"
#include "report/compare/comparison_page.h"

namespace pw {
namespace {

std::string exact(const std::optional<double>& value) { return value ? exact_number(*value) : ""; }

std::optional<double> low(const ComparedRow& row) {
  return row.ci95 ? std::optional(row.ci95->low) : std::nullopt;
}
std::optional<double> high(const ComparedRow& row) {
  return row.ci95 ? std::optional(row.ci95->high) : std::nullopt;
}

nlohmann::ordered_json number(const std::optional<double>& value) {
  return value && std::isfinite(*value) ? nlohmann::ordered_json(*value) : nlohmann::ordered_json();
}

nlohmann::ordered_json row_of(const Comparison& comparison, const ComparedRow& row) {
  return {{"variant", ""},
          {"quantity", row.quantity},
          {"unit", row.unit},
          {"old_median", number(row.old_median)},
          {"new_median", number(row.new_median)},
          {"ratio", number(row.ratio)},
          {"ci95_low", number(low(row))},
          {"ci95_high", number(high(row))},
          {"p", number(row.p)},
          {"verdict", to_text(row.verdict)},
          {"basis", to_text(comparison.basis)},
          {"reason", row.reason}};
}

}  // namespace

std::string comparison_csv(const Comparison& comparison) {
  std::string text =
      "variant,quantity,unit,old_median,new_median,ratio,ci95_low,ci95_high,p,verdict,basis,reason\n";
  for (const ComparedRow& row : comparison.rows)
    text += fmt::format(",{},{},{},{},{},{},{},{},{},{},{}\n", csv_field(printable(row.quantity)),
                        csv_field(printable(row.unit)), exact(row.old_median), exact(row.new_median),
                        exact(row.ratio), exact(low(row)), exact(high(row)), exact(row.p),
                        to_text(row.verdict), to_text(comparison.basis), csv_field(printable(row.reason)));
  return text;
}

std::string comparison_markdown(const Comparison& comparison) {
  std::string text =
      markdown_cell(verdict_sentence(comparison)) +
      "\n\n| quantity | old | new | ratio | 95 % | verdict | |\n|---|---:|---:|---:|---|---|---|\n";
  for (const ComparedRow& row : comparison.rows)
    text += fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n",
                        markdown_cell(row.quantity + (row.unit.empty() ? "" : ", " + row.unit)),
                        short_number(row.old_median), short_number(row.new_median), short_number(row.ratio),
                        row.ci95 ? fmt::format("{:.4g} to {:.4g}", row.ci95->low, row.ci95->high) : "",
                        to_text(row.verdict), markdown_cell(row.reason));
  return text;
}

std::string comparison_json(const Comparison& comparison) {
  nlohmann::ordered_json document = {{"format", "perfwatt-comparison"},
                                     {"verdict", verdict_sentence(comparison)},
                                     {"basis", to_text(comparison.basis)}};
  for (const auto& [i, key] : {std::pair{0, "old"}, {1, "new"}})
    document[key] = {{"recordings", comparison.recordings[i]}, {"tests", comparison.tests[i]}};
  document["by_chance"] = comparison.by_chance;
  document["differences"] = nlohmann::ordered_json::array();
  for (const SideDifference& one : comparison.differences)
    document["differences"].push_back({{"key", one.key}, {"old", one.before}, {"new", one.after}});
  document["rows"] = nlohmann::ordered_json::array();
  for (const ComparedRow& row : comparison.rows) document["rows"].push_back(row_of(comparison, row));
  return document.dump(1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace pw
