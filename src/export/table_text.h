// SPDX-License-Identifier: GPL-3.0-or-later
// What tables for people have in common.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>

#include "analyze/summary_rows.h"

namespace pw {

// Four significant digits; "" where it is unknown.
inline std::string short_number(const std::optional<double>& value) {
  return value ? fmt::format("{:.4g}", *value) : "";
}

inline std::string interval_text(const SummaryRow& row) {
  return row.ci95_low && row.ci95_high ? fmt::format("{:.4g} to {:.4g}", *row.ci95_low, *row.ci95_high) : "";
}

// A cell of a Markdown table, and text of LaTeX: what would mean something there is escaped.
std::string markdown_cell(std::string_view text);
std::string latex_text(std::string_view text);

// Why there is no value, or what makes it doubtful.
inline std::string remark_text(const SummaryRow& row) {
  if (row.status == kOk) return row.reason;
  return row.reason.empty() ? row.status : row.status + ": " + row.reason;
}

}  // namespace pw
