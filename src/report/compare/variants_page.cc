// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/compare/variants_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "base/text_width.h"
#include "report/text/reason_groups.h"
#include "report/text/summary_parts.h"
#include "report/text/text_layout.h"
#include "report/text/words.h"

namespace pw {
namespace {

constexpr std::size_t kMostLabel = 40, kValue = 12, kWidth = 11, kRelative = 24;
constexpr std::size_t kReferencesNamed = 3;

std::string relative(double middle, double low, double high) {
  return fmt::format("{:.3g} ({:.3g} to {:.3g})", middle, low, high);
}

// Of times the speed is what grows.
std::string speed_text(const std::optional<ComparedRow>& row) {
  if (!row || !row->ratio || !row->ci95 || row->ci95->low <= 0) return "-";
  return relative(1 / *row->ratio, 1 / row->ci95->high, 1 / row->ci95->low);
}

std::string energy_text(const std::optional<ComparedRow>& row) {
  if (!row || !row->ratio || !row->ci95) return "-";
  return relative(*row->ratio, row->ci95->low, row->ci95->high);
}

std::string half_width_text(const std::optional<double>& error, const std::optional<double>& value) {
  if (!error || !value) return "";
  if (*value == 0) return "± " + amount(*error, "J");
  return fmt::format("± {:.2g} %", 100 * *error / std::abs(*value));
}

class VariantLines {
 public:
  VariantLines(Page& page, const VariantTable& table) : page_(page), table_(table) {
    for (const VariantLine& line : table.lines)
      label_ = std::max(label_, std::min(kMostLabel, columns(printable(line.label))));
  }

  void add_heading() {
    std::string text = "  " + pad_right("variant", label_) + pad_left("elapsed", kValue) +
                       pad_left("95 %", kWidth) + pad_left("speed", kRelative);
    if (!table_.energy_of.empty())
      text += pad_left(table_.per_item ? "net J/item" : "net energy", kValue) + pad_left("95 %", kWidth) +
              pad_left("energy", kRelative);
    page_.line(page_.painted(text, Ink::dim));
  }

  void add(std::size_t index) {
    const VariantLine& line = table_.lines[index];
    const bool reference = line.reference == index;
    std::string text = "  " + pad_right(shortened(printable(line.label), label_), label_);
    text += time_text(line, reference);
    if (!table_.energy_of.empty()) text += joules_text(line, reference);
    if (line.failed > 0) text += "  " + page_.painted(fmt::format("{} failed", line.failed), Ink::red);
    page_.line(text);
  }

 private:
  static std::string time_text(const VariantLine& line, bool reference) {
    if (!line.elapsed) return pad_left("-", kValue) + pad_left("", kWidth) + pad_left("-", kRelative);
    return pad_left(amount(line.elapsed->mean, "s"), kValue) + pad_left(interval(*line.elapsed), kWidth) +
           pad_left(reference ? "1" : speed_text(line.time_ratio), kRelative);
  }

  static std::string joules_text(const VariantLine& line, bool reference) {
    if (!line.energy) return pad_left("-", kValue) + pad_left("", kWidth) + pad_left("-", kRelative);
    return pad_left(amount(*line.energy, "J"), kValue) +
           pad_left(half_width_text(line.energy_error, line.energy), kWidth) +
           pad_left(reference ? "1" : energy_text(line.energy_ratio), kRelative);
  }

  Page& page_;
  const VariantTable& table_;
  std::size_t label_ = std::string_view("variant").size();
};

std::string against_text(const VariantTable& table) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < table.lines.size(); ++i)
    if (table.lines[i].reference == i) names.push_back(printable(table.lines[i].label));
  if (names.size() == 1) return names.front();
  if (names.size() > kReferencesNamed) names.resize(kReferencesNamed), names.emplace_back("...");
  return join(names, ", ") + ": each against the one that it shares most values with";
}

std::string about_ratios(const VariantTable& table) {
  std::string text = "speed and energy: relative, with 95 % intervals";
  if (table.per_item) text += ", per item";
  return text +
         (table.basis == Basis::interleaved
              ? "; tests of the same number are compared"
              : "; one variant ran after the other (--order blocked): what drifted meanwhile is in them");
}

// Why the first of those without a value has none.
void add_reason(Page& page, const VariantTable& table, std::string_view what,
                std::string (*why_none)(const VariantLine&)) {
  const VariantLine* first = nullptr;
  std::size_t count = 0;
  for (const VariantLine& line : table.lines)
    if (!why_none(line).empty()) first = count++ == 0 ? &line : first;
  if (!first) return;
  const std::string others = count > 1 ? fmt::format("; {} more have none", count - 1) : "";
  page.paragraph(what, printable(first->label + ": " + why_none(*first)) + others);
}

void add_reasons_of_variants(Page& page, const VariantTable& table) {
  add_reason(page, table, "no time",
             [](const VariantLine& one) { return one.elapsed ? std::string() : one.why_no_time; });
  if (table.energy_of.empty()) return;
  add_reason(page, table, "no energy",
             [](const VariantLine& one) { return one.energy ? std::string() : one.why_no_energy; });
}

// Which rules apply, and to which variants.
void add_findings_of_variants(Page& page, const VariantTable& table, const Analysis& analysis) {
  ReasonGroups groups;
  for (std::size_t i = 0; i < analysis.variants.size(); ++i)
    for (const FindingOutcome& one : analysis.variants[i].findings)
      if (one.status == FindingStatus::applies)
        groups.add(printable(one.title), printable(table.lines[i].label));
  if (groups.all().empty()) return;
  page.title("findings");
  for (const auto& [title, labels] : groups.all()) page.paragraph(title, labels);
  page.paragraph("", "perfwatt show FILE --findings has the figures of each");
}

std::size_t doubts_of_variants(const Analysis& analysis) {
  std::size_t count = 0;
  for (const Analysis& one : analysis.variants)
    count += one.run.unlike.size() + one.run.incomplete.size() + one.run.odd.size() + one.run.trends.size() +
             one.run.state_changes.size() + one.run.given_warnings.size();
  return count;
}

}  // namespace

std::string variants_text(const Recording& recording, const Analysis& analysis, const VariantTable& table,
                          const TextStyle& style) {
  Page page(style, false);
  page.line(page.painted(
      wrapped(printable(subject_of(recording) + ": " + variants_sentence(recording, table)), page.width(), 0),
      with_care(recording, table) ? Ink::yellow : Ink::bold));
  add_head(page, recording);
  page.title("variants, against " + against_text(table));
  VariantLines lines(page, table);
  lines.add_heading();
  for (std::size_t i = 0; i < table.lines.size(); ++i) lines.add(i);
  page.paragraph("", about_ratios(table));
  page.paragraph("energy", table.energy_of.empty() ? why_no_power(recording)
                                                   : "of " + table.energy_of + ", net of idle");
  add_reasons_of_variants(page, table);
  page.paragraph("",
                 "perfwatt show FILE --variant NAME=V has all of one; perfwatt compare FILE --reference "
                 "NAME=V a verdict for each quantity");
  add_warnings(page, recording, {});
  if (const std::size_t doubts = doubts_of_variants(analysis); doubts > 0)
    page.paragraph("", plural(doubts, "warning") + " of single variants: with their --variant");
  add_findings_of_variants(page, table, analysis);
  return page.text();
}

}  // namespace pw
