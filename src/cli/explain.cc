// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/explain.h"

#include <fmt/format.h>
#include <unistd.h>

#include "analyze/metrics/metric_tree.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "export/export.h"
#include "report/figures/figures.h"
#include "report/text/findings_page.h"
#include "report/text/metrics_page.h"
#include "report/text/summary.h"
#include "store/load.h"

namespace pw {

Result<Explained> explain(const std::filesystem::path& path, const AnalysisOptions& options) {
  return explain(load(path), options);
}

Result<Explained> explain(Result<Recording> recording, const AnalysisOptions& options) {
  if (!recording) return pass_on(recording);
  Analysis analysis = analyze(*recording, options);
  return Explained{std::move(*recording), std::move(analysis)};
}

namespace {

TextStyle style_of_stdout() { return {takes_escapes(STDOUT_FILENO), terminal_width(STDOUT_FILENO), false}; }

}  // namespace

void print_summary(const Explained& explained, bool verbose) {
  TextStyle style = style_of_stdout();
  style.verbose = verbose;
  fmt::print("{}", summary(explained.recording, explained.analysis, style));
}

Result<> print_place(const SqliteSink& recorded, std::FILE* to) {
  if (recorded.deleted())
    return fail(Failure::measurement, "the recording was deleted while it was written: nothing is left of it",
                recorded.path().string());
  const std::filesystem::path place = recorded.place();
  if (place.empty())
    return fail(Failure::measurement, "the recording was moved to where it cannot be seen",
                recorded.path().string());
  fmt::print(to, "recording: {}\n", printable(place.string()));
  return {};
}

Result<> print_metrics(const Recording& recording, const std::string& list) {
  const auto metrics = evaluate_metrics(recording, list);
  if (!metrics) return pass_on(metrics);
  fmt::print("{}", metrics_page(*metrics, style_of_stdout()));
  return {};
}

namespace {

Result<> show_summary(const std::string& file, bool verbose) {
  const Result<Explained> explained = explain(file, {.bootstrap = verbose, .rows = false});
  if (!explained) return pass_on(explained);
  print_summary(*explained, verbose);
  return {};
}

Result<> show_metrics(const std::string& file, const std::string& metrics) {
  const Result<Recording> recording = load(file);
  return recording ? print_metrics(*recording, metrics) : pass_on(recording);
}

Result<> show_findings(const std::string& file) {
  const Result<Explained> explained = explain(file, {.rows = false});
  if (!explained) return pass_on(explained);
  fmt::print("{}", findings_page(explained->analysis.findings, style_of_stdout()));
  return {};
}

}  // namespace

int show_command(int argc, char** argv) {
  CLI::App app("The summary of a recording", "perfwatt show");
  std::string file, metrics;
  bool verbose = false, findings = false;
  app.add_option("FILE", file, "a recording")->required();
  add_list(app, "-M,--metrics", metrics, "LIST",
           "instead: metrics, trees taken apart (perfwatt list metrics)");
  app.add_flag("--findings", findings,
               "instead: every rule about what slows a run, and why it does not apply")
      ->excludes("--metrics");
  app.add_flag("-v,--verbose", verbose, "also median, deviation, MAD, intervals and outliers of every value");
  app.footer(
      "Examples: perfwatt show perfwatt-20261123T101500Z.perfwatt\n"
      "          perfwatt show r.perfwatt -M cpi-stack\n"
      "          perfwatt show r.perfwatt --findings");
  if (const auto status = parse_options(app, argc, argv)) return *status;
  const Result<> shown = findings           ? show_findings(file)
                         : !metrics.empty() ? show_metrics(file, metrics)
                                            : show_summary(file, verbose);
  return shown ? 0 : report_error(shown.error());
}

int plot_command(int argc, char** argv) {
  CLI::App app("Figures of a recording: one chart per counter over the tests, time and power",
               "perfwatt plot");
  std::string file, out = ".", formats = "svg";
  app.add_option("FILE", file, "a recording")->required();
  app.add_option("--out", out, "the folder for the figures (.)")->type_name("DIR")->check(no_dash());
  add_list(app, "--format", formats, "LIST", "svg, png, pdf, or several with commas (svg)")
      ->check(list_of({"svg", "png", "pdf"}));
  app.footer(
      "Beside each figure lie its gnuplot script and its data: restyle NAME.gp, then run\n"
      "`gnuplot NAME.gp` there.\n"
      "Example: perfwatt plot r.perfwatt --out figures --format svg,pdf");
  if (const auto status = parse_options(app, argc, argv)) return *status;
  const Result<Explained> explained = explain(file, {.lines = true, .rows = false});
  if (!explained) return report_error(explained.error());
  const auto paths = plot({explained->recording, explained->analysis}, out, split(formats, ','));
  if (!paths) return report_error(paths.error());
  for (const std::filesystem::path& path : *paths) fmt::print("{}\n", path.string());
  return 0;
}

int export_command(int argc, char** argv) {
  CLI::App app("A recording as files that other programs read", "perfwatt export");
  std::string file, out = ".", format = "csv", tables;
  std::string summaries;
  for (const Exporter& exporter : exporters())
    summaries += fmt::format("  {:<11}{}\n", exporter.name, exporter.summary);
  app.add_option("FILE", file, "a recording")->required();
  app.add_option("--format", format, "see below (csv)")->type_name("NAME");
  app.add_option("--out", out, "the folder for the files, or - for stdout where there is one file (.)")
      ->type_name("DIR");
  add_list(app, "--tables", tables, "LIST", "only these of its files: summary,energy (all)");
  app.footer("Formats:\n" + summaries +
             "Examples: perfwatt export r.perfwatt --format csv --out csv\n"
             "          perfwatt export r.perfwatt --tables energy --out -");
  if (const auto status = parse_options(app, argc, argv)) return *status;
  const Result<const Exporter*> exporter = find_exporter(format);
  if (!exporter) return report_error(exporter.error());
  const Result<Explained> explained = explain(file);
  if (!explained) return report_error(explained.error());
  const auto documents =
      pick_documents((*exporter)->function(explained->recording, explained->analysis), tables);
  if (!documents) return report_error(documents.error());
  const auto paths = write_documents(*documents, out);
  if (!paths) return report_error(paths.error());
  for (const std::filesystem::path& path : *paths) fmt::print("{}\n", path.string());
  return 0;
}

}  // namespace pw
