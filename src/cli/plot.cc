// SPDX-License-Identifier: GPL-3.0-or-later
// `perfwatt plot`: the figures of a recording, or of several against each other.
#include <fmt/format.h>

#include <algorithm>
#include <list>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/explain.h"
#include "report/figures/figures.h"
#include "report/figures/time_energy.h"
#include "report/figures/variant_folders.h"
#include "report/text/reason_groups.h"

namespace pw {
namespace {

struct PlotRequest {
  std::vector<std::string> files;
  std::string out = ".", formats = "svg";
};

// What there is to draw is added; what is not is named once.
Result<> add_figures(Plotted& all, const std::vector<Figure>& figures, const std::filesystem::path& folder,
                     const std::string& formats) {
  Plotted drawn;
  if (std::ranges::any_of(figures, [](const Figure& one) { return one.absent.empty(); })) {
    Result<Plotted> plotted = draw_figures(figures, folder, split(formats, ','));
    if (!plotted) return pass_on(plotted);
    drawn = std::move(*plotted);
  } else {
    for (const Figure& one : figures) drawn.absent.emplace_back(one.name, one.absent);
  }
  all.pictures.insert(all.pictures.end(), drawn.pictures.begin(), drawn.pictures.end());
  for (auto& one : drawn.absent)
    if (std::ranges::count(all.absent, one) == 0) all.absent.push_back(std::move(one));
  return {};
}

// What the variants have in common, and each in a folder of its own.
Result<Plotted> plot_variants(const Explained& explained, const PlotRequest& request) {
  const Recording& recording = explained.recording;
  Plotted all;
  Result<> added =
      add_figures(all, all_figures({recording, explained.analysis}), request.out, request.formats);
  const std::vector<std::string> folders = variant_folders(recording.experiment);
  for_each_variant(recording, explained.analysis,
                   [&](const Recording& view, const Analysis& one, std::size_t i) {
                     if (added)
                       added = add_figures(all, all_figures({view, one}),
                                           std::filesystem::path(request.out) / folders[i], request.formats);
                   });
  if (!added) return pass_on(added);
  if (all.pictures.empty())
    return fail(Failure::not_possible, "there is nothing to draw", request.files.front());
  return all;
}

Result<Plotted> plot_one(const PlotRequest& request) {
  const Result<Explained> explained = explain(
      request.files.front(), {.lines = true, .rows = false, .findings = false, .region_energy = true});
  if (!explained) return pass_on(explained);
  if (!explained->recording.experiment.variants.empty()) return plot_variants(*explained, request);
  return plot({explained->recording, explained->analysis}, request.out, split(request.formats, ','));
}

// The label of the recording, with its file: several may have the same.
std::string name_of(const Recording& recording, const std::string& file) {
  const std::string stem = std::filesystem::path(file).stem().string();
  return recording.experiment.label.empty() ? stem : recording.experiment.label + " (" + stem + ")";
}

Result<Plotted> plot_several(const PlotRequest& request) {
  std::list<Explained> all;
  bool per_item = true;
  for (const std::string& file : request.files) {
    Result<Explained> one = explain(file, {.rows = false, .findings = false});
    if (!one) return pass_on(one);
    per_item = per_item && has_items(one->recording, one->analysis);
    all.push_back(std::move(*one));
  }
  std::vector<TimeEnergy> points;
  std::size_t file = 0;
  for (const Explained& one : all)
    add_points(points, {one.recording, one.analysis}, name_of(one.recording, request.files[file++]),
               per_item);
  Result<Plotted> plotted =
      draw_figures({time_energy_figure(points, per_item)}, request.out, split(request.formats, ','));
  if (!plotted) return plotted;
  for (const TimeEnergy& point : points)
    if (!point.absent.empty()) plotted->absent.emplace_back(point.label, point.absent);
  return plotted;
}

void print_plotted(const Plotted& plotted) {
  for (const std::filesystem::path& path : plotted.pictures) fmt::print("{}\n", path.string());
  ReasonGroups groups;
  for (const auto& [name, why] : plotted.absent) groups.add(why, name);
  for (const auto& [why, names] : groups.all())
    fmt::print(stderr, "not drawn: {}: {}\n", printable(names), printable(why));
}

}  // namespace

int plot_command(int argc, char** argv) {
  CLI::App app("Figures of a recording: counters, time and energy over the tests, power over time",
               "perfwatt plot");
  PlotRequest request;
  app.add_option("FILE", request.files, "a recording; of several: time against energy")->required();
  app.add_option("--out", request.out, "the folder for the figures (.)")->type_name("DIR")->check(no_dash());
  add_list(app, "--format", request.formats, "LIST", "svg, png, pdf, or several with commas (svg)")
      ->check(list_of({"svg", "png", "pdf"}));
  app.footer(
      "Beside each figure lie its gnuplot script and its data: restyle NAME.gp, then run\n"
      "`gnuplot NAME.gp` there.\n"
      "Examples: perfwatt plot r.perfwatt --out figures --format svg,pdf\n"
      "          perfwatt plot slow.perfwatt fast.perfwatt --out figures");
  if (const auto status = parse_options(app, argc, argv)) return *status;
  const Result<Plotted> plotted = request.files.size() == 1 ? plot_one(request) : plot_several(request);
  if (!plotted) return report_error(plotted.error());
  print_plotted(*plotted);
  return 0;
}

}  // namespace pw
