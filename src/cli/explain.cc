// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/explain.h"

#include <fmt/format.h>
#include <unistd.h>

#include "analyze/compare/variant_choice.h"
#include "analyze/compare/variant_table.h"
#include "analyze/metrics/metric_tree.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "export/export.h"
#include "report/compare/variants_page.h"
#include "report/ranks/ranks_page.h"
#include "report/regions/regions_page.h"
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

// Calls print(view, variant) with each variant that is shown, under its label where there are several; once,
// with the whole, where the recording has none.
template <class Print>
Result<> for_shown(const Recording& recording, const std::string& only, const Print& print) {
  const Result<std::vector<std::size_t>> shown = chosen_variants(recording.experiment, only);
  if (!shown) return pass_on(shown);
  VariantViews views(recording);
  for (const std::size_t variant : *shown) {
    if (shown->size() > 1) {
      Page label(style_of_stdout(), false);
      label.title(printable(recording.experiment.variants[variant].label));
      fmt::print("{}", label.text());
    }
    if (Result<> printed = print(views.of(variant), variant); !printed) return printed;
  }
  return {};
}

const Analysis& analysis_of(const Explained& explained, std::size_t variant) {
  return explained.analysis.variants.empty() ? explained.analysis : explained.analysis.variants[variant];
}

Result<> print_whole(const Explained& explained, const std::string& only, const TextStyle& style) {
  return for_shown(explained.recording, only, [&](const Recording& view, std::size_t variant) -> Result<> {
    fmt::print("{}", summary(view, analysis_of(explained, variant), style));
    fmt::print("{}", ranks_section(view, analysis_of(explained, variant).ranks, style));
    return {};
  });
}

Result<> print_variants(const Explained& explained, const std::string& reference, const TextStyle& style) {
  const auto references = variant_references(explained.recording.experiment, reference);
  if (!references) return pass_on(references);
  const VariantTable table = variant_table(explained.recording, explained.analysis, *references);
  fmt::print("{}", variants_text(explained.recording, explained.analysis, table, style));
  return style.verbose || style.tests ? print_whole(explained, "", style) : Result<>{};
}

}  // namespace

Result<> print_summary(const Explained& explained, const SummaryDetail& detail,
                       const ShownVariants& variants) {
  TextStyle style = style_of_stdout();
  style.verbose = detail.verbose;
  style.tests = detail.tests;
  const bool beside_each_other = !explained.recording.experiment.variants.empty() && variants.only.empty();
  if (beside_each_other || !variants.reference.empty())
    return print_variants(explained, variants.reference, style);
  return print_whole(explained, variants.only, style);
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

Result<> print_metrics(const Recording& recording, const std::string& list, const std::string& only) {
  return for_shown(recording, only, [&](const Recording& view, std::size_t) -> Result<> {
    const auto metrics = evaluate_metrics(view, list);
    if (!metrics) return pass_on(metrics);
    fmt::print("{}", metrics_page(*metrics, style_of_stdout()));
    return {};
  });
}

namespace {

Result<> show_summary(const std::string& file, const SummaryDetail& detail, const ShownVariants& variants) {
  const Result<Explained> explained = explain(file, {.bootstrap = detail.verbose, .rows = false});
  if (!explained) return pass_on(explained);
  return print_summary(*explained, detail, variants);
}

Result<> show_metrics(const std::string& file, const std::string& metrics, const std::string& only) {
  const Result<Recording> recording = load(file);
  return recording ? print_metrics(*recording, metrics, only) : pass_on(recording);
}

Result<> show_findings(const std::string& file, const std::string& only) {
  const Result<Explained> explained = explain(file, {.rows = false});
  if (!explained) return pass_on(explained);
  return for_shown(explained->recording, only, [&](const Recording&, std::size_t variant) -> Result<> {
    fmt::print("{}", findings_page(analysis_of(*explained, variant).findings, style_of_stdout()));
    return {};
  });
}

Result<> show_ranks(const std::string& file, const RankChoice& choice, const std::string& only) {
  const Result<Explained> explained = explain(file, {.rows = false, .findings = false});
  if (!explained) return pass_on(explained);
  return for_shown(explained->recording, only, [&](const Recording& view, std::size_t variant) -> Result<> {
    const auto table = ranks_table(view, analysis_of(*explained, variant).ranks, choice, style_of_stdout());
    if (!table) return pass_on(table);
    fmt::print("{}", *table);
    return {};
  });
}

// As typed.
struct ShownRegions {
  bool wanted = false;
  std::string sort, columns;
  double top = 0, depth = 0;
};

Result<RegionChoice> region_choice(const Recording& recording, const RegionAnalysis& regions,
                                   const ShownRegions& typed) {
  RegionChoice choice;
  choice.top = static_cast<std::size_t>(typed.top);
  choice.depth = static_cast<int>(typed.depth);
  if (!typed.columns.empty()) {
    auto columns = region_columns(recording, regions, typed.columns);
    if (!columns) return pass_on(columns);
    choice.columns = std::move(*columns);
  }
  if (const auto order = region_order(typed.sort.empty() ? "tree" : typed.sort)) {
    choice.order = *order;
    return choice;
  }
  const auto by = region_columns(recording, regions, typed.sort);
  if (!by || by->size() != 1 || !is_ordered(by->front()))
    return fail(
        Failure::input, "no order '" + typed.sort + "'", "--sort",
        "tree, time, own, calls, mean, or as --columns has it: corrected, flop/s, intensity, roof, energy, "
        "an event or a metric");
  choice.by = by->front();
  return choice;
}

Result<> show_regions(const std::string& file, const ShownRegions& typed, const std::string& only) {
  const Result<Explained> explained =
      explain(file, {.rows = false, .findings = false, .region_energy = true, .region_metrics = true});
  if (!explained) return pass_on(explained);
  const Result<RegionChoice> chosen = region_choice(explained->recording, explained->analysis.regions, typed);
  if (!chosen) return pass_on(chosen);
  const RegionChoice& choice = *chosen;
  return for_shown(explained->recording, only, [&](const Recording& view, std::size_t variant) -> Result<> {
    fmt::print("{}", regions_page(view, analysis_of(*explained, variant).regions, choice, style_of_stdout()));
    return {};
  });
}

void add_region_options(CLI::App& app, ShownRegions& regions) {
  CLI::Option* const wanted =
      app.add_flag("--regions", regions.wanted, "instead: the regions that the command marked");
  wanted->excludes("--metrics", "--findings", "--ranks");
  add_text(app, "--sort", regions.sort, "WORD",
           "of --regions: tree, time, own, calls, EVENT, ...; --ranks: apart, ...");
  add_list(app, "--columns", regions.columns, "LIST",
           "of --regions: time, ..., EVENT, own:EVENT, EVENT/call, METRIC");
  add_number(app, "--top", regions.top, "N", {1, 1e6, true}, "of --regions and --ranks: only the first N");
  add_number(app, "--depth", regions.depth, "N", {1, 128, true}, "of --regions: only N within each other");
  for (const char* name : {"--columns", "--depth"}) app.get_option(name)->needs(wanted);
}

// What has an order, and a first part.
Result<> ordered_things(const CLI::App& app) {
  if (app.count("--regions") > 0 || app.count("--ranks") > 0) return {};
  for (const char* name : {"--sort", "--top"})
    if (app.count(name) > 0)
      return fail(Failure::input, fmt::format("{} requires --regions or --ranks", name), "perfwatt show");
  return {};
}

}  // namespace

int show_command(int argc, char** argv) {
  CLI::App app("The summary of a recording", "perfwatt show");
  std::string file, metrics;
  SummaryDetail detail;
  bool findings = false, ranks = false;
  app.add_option("FILE", file, "a recording")->required();
  add_list(app, "-M,--metrics", metrics, "LIST",
           "instead: metrics, trees taken apart (perfwatt list metrics)");
  app.add_flag("--findings", findings,
               "instead: every rule about what slows a run, and why it does not apply")
      ->excludes("--metrics");
  app.add_flag("--ranks", ranks, "instead: each rank of a job")->excludes("--metrics", "--findings");
  ShownRegions regions;
  add_region_options(app, regions);
  ShownVariants variants;
  add_text(app, "--variant", variants.only, "NAME=V", "all of one variant");
  add_text(app, "--reference", variants.reference, "NAME=V",
           "the variant that others are compared with (the first)")
      ->excludes("--variant", "--metrics", "--findings", "--regions", "--ranks");
  app.add_flag("-v,--verbose", detail.verbose, "also how values are spread, and why others have none");
  app.add_flag("--tests", detail.tests, "also the values of each test, with the least and the most");
  app.footer(
      "Examples: perfwatt show perfwatt-20261123T101500Z.perfwatt\n"
      "          perfwatt show r.perfwatt -M cpi-stack\n"
      "          perfwatt show r.perfwatt --findings\n"
      "          perfwatt show r.perfwatt --regions --sort own --top 10");
  if (const auto status = parse_options(app, argc, argv)) return *status;
  if (const Result<> ordered = ordered_things(app); !ordered) return report_error(ordered.error());
  const Result<> shown =
      regions.wanted ? show_regions(file, regions, variants.only)
      : ranks        ? show_ranks(file, {static_cast<std::size_t>(regions.top), regions.sort}, variants.only)
      : findings     ? show_findings(file, variants.only)
      : !metrics.empty() ? show_metrics(file, metrics, variants.only)
                         : show_summary(file, detail, variants);
  return shown ? 0 : report_error(shown.error());
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
  const Result<Explained> explained = explain(file, {.region_energy = true, .region_metrics = true});
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
