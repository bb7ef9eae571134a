// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/figures/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "report/figures/time_energy.h"

namespace pw {

#define FIGURES(name) std::vector<Figure> name##_figures(const FigureInput& input);
#include "report/figures/figures.inc"
#undef FIGURES

namespace {

using FigureFunction = std::vector<Figure> (*)(const FigureInput& input);
constexpr FigureFunction kFigures[] = {
#define FIGURES(name) name##_figures,
#include "report/figures/figures.inc"
#undef FIGURES
};

// One name for each figure, also where two events differ only in what a file name cannot hold.
class Names {
 public:
  void keep(const Figure& figure) {
    for (const std::string& file : files(figure.name, figure)) taken_.insert(file);
  }

  std::string unique(const Figure& figure) {
    std::string name = figure.name;
    const auto taken = [&](const std::string& file) { return taken_.contains(file); };
    for (int i = 2; std::ranges::any_of(files(name, figure), taken); ++i)
      name = fmt::format("{}-{}", figure.name, i);
    return name;
  }

 private:
  static std::vector<std::string> files(const std::string& name, const Figure& figure) {
    std::vector<std::string> all = {name};
    for (const FigureData& data : figure.data) all.push_back(name + data.suffix);
    return all;
  }

  std::set<std::string> taken_;
};

}  // namespace

std::vector<Figure> all_figures(const FigureInput& input) {
  std::vector<Figure> figures;
  const bool scans = !input.recording.experiment.variants.empty();
  if (scans) figures = scan_figures(input);
  if (scans) figures.push_back(variants_against_energy(input));
  for (const FigureFunction make : kFigures)
    if (!scans) std::ranges::move(make(input), std::back_inserter(figures));
  Names names;
  for (const Figure& figure : figures)
    if (figure.keeps_name) names.keep(figure);
  for (Figure& figure : figures) {
    if (figure.keeps_name) continue;
    figure.name = names.unique(figure);
    names.keep(figure);
  }
  return figures;
}

Result<Plotted> plot(const FigureInput& input, const std::filesystem::path& folder,
                     const std::vector<std::string>& formats) {
  return draw_figures(all_figures(input), folder, formats);
}

}  // namespace pw
