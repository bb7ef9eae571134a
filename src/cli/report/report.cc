// SPDX-License-Identifier: GPL-3.0-or-later
// perfwatt report.
#include <fmt/format.h>

#include "cli/report/page_comparisons.h"
#include "cli/report/report.h"
#include "export/export.h"
#include "options/options.h"
#include "options/report.h"
#include "report/page/page.h"

namespace pw {
namespace {

namespace fs = std::filesystem;

struct ReportRequest {
  std::vector<std::string> files, with;
  std::string out = "report.html", reference;
};

Result<> write_to(const std::string& out, const PageInput& input) {
  const fs::path path(out);
  if (out != "-" && !path.has_filename())
    return fail(Failure::input, "names a folder, not a file", out, "-o FILE.html");
  const Document page{path.filename().string(), page_beginning(), [&](Output& to) { write_page(to, input); }};
  const fs::path folder = out == "-" ? path : path.has_parent_path() ? path.parent_path() : fs::path(".");
  const auto written = write_documents({page}, folder);
  if (written) return {};
  Error error = written.error();
  if (error.kind == Failure::input) error.hint = "-o names another file";
  return tl::unexpected(error);
}

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
  const Result<> written = write_to(request.out, {all.pages(), *comparisons});
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
