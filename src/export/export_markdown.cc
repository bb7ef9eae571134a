// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/export.h"
#include "export/table_text.h"

namespace pw {
namespace {

constexpr std::string_view kMarkdownHead =
    "| quantity | unit | n | mean | 95 % | median | min | max | "
    "|\n|---|---|---:|---:|---|---:|---:|---:|---|\n";

void write_markdown(Output& out, const Analysis& analysis) {
  out.text() += kMarkdownHead;
  for (const SummaryRow& row : analysis.summary)
    out.text() +=
        fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
                    markdown_cell(row.variant.empty() ? row.quantity : row.variant + ": " + row.quantity),
                    markdown_cell(row.unit), row.n ? std::to_string(*row.n) : "", short_number(row.mean),
                    interval_text(row), short_number(row.median), short_number(row.least),
                    short_number(row.most), markdown_cell(remark_text(row)));
}

}  // namespace

std::vector<Document> export_markdown(const Recording&, const Analysis& analysis) {
  return {{"summary.md", std::string(kMarkdownHead), [&](Output& out) { write_markdown(out, analysis); }}};
}

}  // namespace pw
