// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "export/export.h"
#include "export/table_text.h"

namespace pw {
namespace {

constexpr std::string_view kLatexHead =
    "% By perfwatt; needs \\usepackage{booktabs} and, for long ones, longtable.\n"
    "\\begin{tabular}{llrrlrrr}\n\\toprule\n"
    "quantity & unit & $n$ & mean & 95\\,\\% & median & min & max \\\\\n\\midrule\n";

void write_latex(Output& out, const Analysis& analysis) {
  out.text() += kLatexHead;
  for (const SummaryRow& row : analysis.summary) {
    out.text() += fmt::format(
        "{} & {} & {} & {} & {} & {} & {} & {} \\\\",
        latex_text(row.variant.empty() ? row.quantity : row.variant + ": " + row.quantity),
        latex_text(row.unit), row.n ? std::to_string(*row.n) : "", short_number(row.mean), interval_text(row),
        short_number(row.median), short_number(row.least), short_number(row.most));
    const std::string remark = remark_text(row);
    out.text() += remark.empty() ? "\n" : fmt::format(" % {}\n", printable(remark));
  }
  out.text() += "\\bottomrule\n\\end{tabular}\n";
}

}  // namespace

std::vector<Document> export_latex(const Recording&, const Analysis& analysis) {
  return {{"summary.tex", std::string(kLatexHead), [&](Output& out) { write_latex(out, analysis); }}};
}

}  // namespace pw
