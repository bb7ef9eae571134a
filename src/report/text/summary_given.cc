// SPDX-License-Identifier: GPL-3.0-or-later
// What the hypervisor gave and took.
#include <fmt/format.h>

#include <algorithm>

#include "analyze/series/partition.h"
#include "report/text/reason_groups.h"
#include "report/text/summary_parts.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kGivenLabel = 24, kGivenNumber = 12;

// Without prefixes: half a core is no 500 mcores.
std::string given_amount(double value, const std::string& unit) {
  if (unit == "cores") return fmt::format("{:.4g} cores", value);
  if (unit == "%") return fmt::format("{:.1f} %", value);
  if (unit == "MHz") return fmt::format("{:.0f} MHz", value);
  return amount(value, unit);
}

std::string given_label(std::string name) {
  std::ranges::replace(name, '-', ' ');
  return name;
}

bool was_stolen(const Measurand& one) { return one.name == "steal" && one.value && one.value->most > 0; }

}  // namespace

void add_given(Page& page, const Recording& recording, const RunAnalysis& run) {
  if (!run.elapsed.value || run.given.empty()) return;
  if (!(under_hypervisor(recording) || std::ranges::any_of(run.given, was_stolen))) return;
  page.title("CPU time from the hypervisor");
  ReasonGroups unknown;
  for (const Measurand& one : run.given) {
    if (!one.value) {
      unknown.add(one.reason, given_label(one.name));
      continue;
    }
    page.line("  " + pad_right(given_label(one.name), kGivenLabel) +
              pad_left(given_amount(one.value->mean, one.unit), kGivenNumber) +
              pad_left(interval(*one.value), kGivenNumber));
    if (!one.reason.empty())
      page.line("      " + page.painted(wrapped(one.reason, page.width(), 6), Ink::dim));
  }
  for (const auto& [reason, names] : unknown.all()) page.paragraph("unknown", names + ": " + reason);
}

}  // namespace pw
