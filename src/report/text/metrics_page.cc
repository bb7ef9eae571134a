// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/text/metrics_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "report/text/reason_groups.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kCell = 9;
constexpr std::size_t kLeastBar = 6;
constexpr std::size_t kMostBar = 24;
constexpr std::size_t kLeastLabel = 20;

std::string metric_remark(const Metric& metric) {
  std::string text = metric.user_only ? "  user mode only" : "";
  if (metric.scaled) text += "  from scaled counts";
  if (metric.band && metric.value->mean != 0)
    text += fmt::format(", ± {:.2g} % by coverage", 100 * *metric.band / std::abs(metric.value->mean));
  return text;
}

std::string missing_text(const Metric& metric) {
  const std::string& name = metric.key.find('.') == std::string::npos ? metric.name : metric.key;
  if (metric.missing.empty()) return name;
  return name + " (needs " + join(metric.missing, ", ") + ")";
}

std::string label_of(const TreeRow& row) {
  return std::string(2 * static_cast<std::size_t>(row.depth), ' ') + row.metric.name;
}

// The columns of a tree's table that fit the page.
struct Columns {
  std::size_t label;
  int decimals;
  bool scaled;  // a column for the bands of multiplexed counts
  bool of_parent;
  std::size_t bar;  // 0: none
};

Columns columns_for(const std::vector<TreeRow>& rows, std::size_t width) {
  Columns fit{kLeastLabel, std::abs(rows.front().metric.value->mean) < 10 ? 4 : 2, false, false, 0};
  for (const TreeRow& row : rows) {
    fit.label = std::max(fit.label, columns(label_of(row)));
    fit.scaled = fit.scaled || row.metric.band;
  }
  const std::size_t numbers = (fit.scaled ? 4 : 3) * kCell;
  fit.label = std::min(fit.label, width - 2 - numbers);
  std::size_t used = 2 + fit.label + numbers;
  fit.of_parent = used + kCell <= width;
  used += fit.of_parent ? kCell : 0;
  if (used + 2 + kLeastBar <= width) fit.bar = std::min(kMostBar, width - used - 2);
  return fit;
}

struct Cells {
  std::string label, value, of_root, of_parent, spread, band;
};

std::string line_of(const Columns& fit, const Cells& cells) {
  return "  " + pad_right(shortened(cells.label, fit.label), fit.label) + pad_left(cells.value, kCell) +
         pad_left(cells.of_root, kCell) + (fit.of_parent ? pad_left(cells.of_parent, kCell) : "") +
         pad_left(cells.spread, kCell) + (fit.scaled ? pad_left(cells.band, kCell) : "");
}

std::string spread(const std::optional<double>& half_width, int decimals) {
  return half_width ? fmt::format("± {:.{}f}", *half_width, decimals) : "";
}

Cells cells_of(const Columns& fit, const TreeRow& row) {
  Cells cells{label_of(row), "unknown", percent(row.of_root), percent(row.of_parent), "", ""};
  if (!row.metric.value) return cells;
  cells.value = fmt::format("{:.{}f}", row.metric.value->mean, fit.decimals);
  cells.spread = spread(row.metric.value->half_width, fit.decimals);
  cells.band = spread(row.metric.band, fit.decimals);
  return cells;
}

Ink ink_of(const TreeRow& row) { return row.negative() ? Ink::red : row.depth == 0 ? Ink::bold : Ink::dim; }

std::string row_text(const Page& page, const Columns& fit, const TreeRow& row) {
  std::string text = line_of(fit, cells_of(fit, row));
  const std::string bar = fit.bar > 0 ? share_bar(row.of_root.value_or(0), fit.bar) : "";
  if (!bar.empty()) text += "  " + bar;
  return row.remainder || row.depth == 0 ? page.painted(text, ink_of(row)) : text;
}

bool within_its_interval(const Metric& metric) {
  return metric.value->half_width.value_or(0) + metric.band.value_or(0) >= std::abs(metric.value->mean);
}

void add_remarks(Page& page, const TreeRow& row) {
  if (row.negative())
    page.paragraph(row.metric.key,
                   within_its_interval(row.metric)
                       ? "negative, and within its own interval of 0"
                       : "negative: the parts exceed their whole, for they overlap or their passes differed");
  if (!row.holding.empty())
    page.paragraph(row.metric.key, "holds what has no value: " + join(row.holding, ", "));
}

bool any_user_only(const std::vector<TreeRow>& rows) {
  return std::any_of(rows.begin(), rows.end(), [](const TreeRow& row) { return row.metric.user_only; });
}

}  // namespace

std::string share_bar(double share, std::size_t width) {
  static constexpr const char* kEighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  if (!(share > 0)) return "";
  const auto eighths =
      static_cast<std::size_t>(std::lround(std::min(share, 1.0) * 8 * static_cast<double>(width)));
  std::string bar;
  for (std::size_t i = 0; i < eighths / 8; ++i) bar += "█";
  return bar + kEighths[eighths % 8];
}

std::string metric_line(const Metric& metric) {
  std::string text = fmt::format("  {} {} {}", pad_right(metric.name, 24),
                                 pad_left(fmt::format("{:.4g}", metric.value->mean), 11),
                                 pad_left(interval(*metric.value), 11));
  if (!metric.unit.empty()) text += "   " + metric.unit;
  return text + metric_remark(metric);
}

void add_unknown_metrics(Page& page, const std::vector<Metric>& metrics) {
  ReasonGroups unknown;
  for (const Metric& metric : metrics)
    if (!metric.value) unknown.add(metric.why, missing_text(metric));
  for (const auto& [reason, names] : unknown.all())
    page.paragraph("unknown", fmt::format("{}: {}", names, reason));
}

void add_tree(Page& page, const std::vector<TreeRow>& rows) {
  const Columns fit = columns_for(rows, page.width());
  const Metric& root = rows.front().metric;
  page.title(line_of(fit, {root.key, root.unit, "of all", "of above", "95 %", "scaled"}));
  for (const TreeRow& row : rows) page.line(row_text(page, fit, row));
  for (const TreeRow& row : rows) add_remarks(page, row);
  if (fit.scaled) page.paragraph("scaled", "95 % band of multiplexed counts, by their coverage");
  if (any_user_only(rows)) page.line("  user mode only");
}

std::string metrics_page(const EvaluatedMetrics& metrics, const TextStyle& style) {
  Page page(style, false);
  if (!metrics.single.empty()) page.title("metrics");
  for (const Metric& metric : metrics.single) page.line(metric_line(metric));
  for (const auto& rows : metrics.trees)
    if (rows.front().metric.value) add_tree(page, rows);
  if (!metrics.unknown.empty()) page.title("no value");
  add_unknown_metrics(page, metrics.unknown);
  return page.text();
}

}  // namespace pw
