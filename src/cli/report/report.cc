// SPDX-License-Identifier: GPL-3.0-or-later
// perfwatt report.
#include <fmt/format.h>

#include "cli/report/page_comparisons.h"
#include "cli/report/report.h"
#include "options/options.h"
#include "options/report.h"
#include "report/page/page.h"

namespace pw {
namespace {

struct ReportRequest {
  std::vector<std::string> files, with;
  std::string out = "report.html", reference;
};

Result<> report(const ReportRequest& request) {
  if (const Result<> possible = page_possible(); !possible) return possible;
  const bool compared = !request.with.empty();
  if (compared && !request.reference.empty())
    return fail(Failure::input, "recordings before and after have no reference among variants", "--reference",
                "perfwatt report FILE --reference NAME=V");
  PageRecordings all;
  if (Result<> loaded = all.load_all(request.files, compared ? "old" : ""); !loaded) return loaded;
  if (Result<> loaded = all.load_all(request.with, "new"); !loaded) return loaded;
  all.analyze_all();
  const auto comparisons =
      compared ? comparison_of_sides(all) : comparisons_of_variants(all, request.reference);
  if (!comparisons) return pass_on(comparisons);
  const Result<> written = write_page_file(request.out, {all.pages(), *comparisons, {}}, "-o");
  if (written && request.out != "-") fmt::print("{}\n", request.out);
  return written;
}

}  // namespace

int report_command(int argc, char** argv) {
  CLI::App app("Recordings as one page for a browser, which loads nothing: to look at, and to send",
               "perfwatt report");
  ReportRequest request;
  app.add_option("FILE", request.files, "recordings; with --with those before")->required();
  app.add_option("--with", request.with, "recordings after: the page compares them")->type_name("NEW");
  add_text(app, "-o,--output", request.out, "FILE", "the page, or - for stdout (report.html)");
  add_text(app, "--reference", request.reference, "NAME=V",
           "of recordings with variants: the one that others are compared with (the first)");
  app.footer(
      "Examples: perfwatt report r.perfwatt -o r.html\n"
      "          perfwatt report old.perfwatt --with new.perfwatt -o comparison.html");
  if (const auto status = parse_options(app, argc, argv)) return *status;
  const Result<> written = report(request);
  return written ? 0 : report_error(written.error());
}

}  // namespace pw
