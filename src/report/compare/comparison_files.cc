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
  return {{"variant", comparison.variant},
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

nlohmann::ordered_json clock_json(const ClockOrCode& clock) {
  nlohmann::ordered_json document = {
      {"reason", clock.why}, {"conclusion", clock.conclusion}, {"machine", clock.machine}};
  document["parts"] = nlohmann::ordered_json::array();
  for (const ClockPart& part : clock.parts)
    document["parts"].push_back(
        {{"name", part.name},
         {"unit", part.unit},
         {"old_median", number(part.before)},
         {"new_median", number(part.after)},
         {"ratio", number(part.ratio)},
         {"ci95_low", number(part.ci95 ? std::optional(part.ci95->low) : std::nullopt)},
         {"ci95_high", number(part.ci95 ? std::optional(part.ci95->high) : std::nullopt)},
         {"told", part.told}});
  return document;
}

std::string clock_markdown(const ClockOrCode& clock) {
  if (!clock.why.empty()) return "\nThe clock or the code: not known: " + markdown_cell(clock.why) + "\n";
  std::string text =
      "\n| elapsed = cycles / (frequency × CPUs used) | old | new | ratio | 95 % "
      "|\n|---|---:|---:|---:|---|\n";
  for (const ClockPart& part : clock.parts)
    text += fmt::format("| {} | {:.4g} | {:.4g} | {:.4g} | {} |\n", part.name, part.before, part.after,
                        part.ratio,
                        part.ci95 ? fmt::format("{:.4g} to {:.4g}", part.ci95->low, part.ci95->high) : "");
  for (const std::string& one : clock.machine) text += "\nThe machine: " + markdown_cell(one) + "\n";
  return clock.conclusion.empty() ? text : text + "\n" + markdown_cell(clock.conclusion) + "\n";
}

constexpr std::string_view kCsvHead =
    "variant,quantity,unit,old_median,new_median,ratio,ci95_low,ci95_high,p,verdict,basis,reason\n";

std::string csv_rows(const Comparison& comparison) {
  std::string text;
  for (const ComparedRow& row : comparison.rows)
    text +=
        fmt::format("{},{},{},{},{},{},{},{},{},{},{},{}\n", csv_field(printable(comparison.variant)),
                    csv_field(printable(row.quantity)), csv_field(printable(row.unit)), exact(row.old_median),
                    exact(row.new_median), exact(row.ratio), exact(low(row)), exact(high(row)), exact(row.p),
                    to_text(row.verdict), to_text(comparison.basis), csv_field(printable(row.reason)));
  return text;
}

void add_members(nlohmann::ordered_json& document, const Comparison& comparison) {
  document["verdict"] = verdict_sentence(comparison);
  document["basis"] = to_text(comparison.basis);
  document["stop_rule"] = comparison.stop_rule;
  for (const auto& [i, key] : {std::pair{0, "old"}, {1, "new"}})
    document[key] = {{"recordings", comparison.recordings[i]}, {"tests", comparison.tests[i]}};
  document["by_chance"] = comparison.by_chance;
  document["named"] = nlohmann::ordered_json::array();
  for (const ComparedRow& row : comparison.rows)
    if (row.named) document["named"].push_back(row.quantity);
  document["differences"] = nlohmann::ordered_json::array();
  for (const SideDifference& one : comparison.differences)
    document["differences"].push_back({{"key", one.key}, {"old", one.before}, {"new", one.after}});
  document["clock_or_code"] = clock_json(comparison.clock);
  document["rows"] = nlohmann::ordered_json::array();
  for (const ComparedRow& row : comparison.rows) document["rows"].push_back(row_of(comparison, row));
}

std::string text_of(const nlohmann::ordered_json& document) {
  return document.dump(1, ' ', true, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string comparison_csv(const Comparison& comparison) {
  return std::string(kCsvHead) + csv_rows(comparison);
}

std::string comparison_csv(const VariantComparisons& comparisons) {
  std::string text(kCsvHead);
  for (const Comparison& one : comparisons.all) text += csv_rows(one);
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
  return text + clock_markdown(comparison.clock);
}

std::string comparison_markdown(const VariantComparisons& comparisons) {
  std::string text;
  for (const Comparison& one : comparisons.all)
    text += fmt::format("{}## {}{}\n\n{}", text.empty() ? "" : "\n", markdown_cell(one.variant),
                        one.reference.empty() ? "" : " against " + markdown_cell(one.reference),
                        comparison_markdown(one));
  for (const GeometricMean& one : comparisons.means)
    text += fmt::format("\nGeometric mean of {} ratios of {}: {:.4g}\n", one.ratios,
                        markdown_cell(one.quantity), one.ratio);
  return text;
}

std::string comparison_json(const Comparison& comparison) {
  nlohmann::ordered_json document = {{"format", "perfwatt-comparison"}};
  add_members(document, comparison);
  return text_of(document);
}

std::string comparison_json(const VariantComparisons& comparisons) {
  nlohmann::ordered_json document = {{"format", "perfwatt-comparison"},
                                     {"basis", to_text(comparisons.all.front().basis)},
                                     {"by_chance", comparisons.by_chance},
                                     {"unmatched", comparisons.unmatched}};
  document["geometric_means"] = nlohmann::ordered_json::array();
  for (const GeometricMean& one : comparisons.means)
    document["geometric_means"].push_back(
        {{"quantity", one.quantity}, {"ratio", one.ratio}, {"ratios", one.ratios}});
  document["variants"] = nlohmann::ordered_json::array();
  for (const Comparison& one : comparisons.all) {
    nlohmann::ordered_json members = {
        {"variant", one.variant}, {"reference", one.reference}, {"other_values", one.other_values}};
    add_members(members, one);
    members.erase("by_chance");
    document["variants"].push_back(std::move(members));
  }
  return text_of(document);
}

}  // namespace pw
