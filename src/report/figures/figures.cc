// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/figures/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/exit_status.h"
#include "base/text.h"
#include "os/file.h"
#include "os/run.h"

namespace pw {

#define FIGURES(name) std::vector<Figure> name##_figures(const FigureInput& input);
#include "report/figures/figures.inc"
#undef FIGURES

namespace fs = std::filesystem;
namespace {

// The beginning of every script. format is svg, png or pdf: gnuplot -e "format='pdf'" NAME.gp
constexpr std::string_view kBeginning =
    "# perfwatt: restyle this, then run `gnuplot {0}.gp` here, or gnuplot -e \"format='pdf'\" {0}.gp\n"
    "if (!exists('format')) format = 'svg'\n"
    "if (format eq 'svg') set terminal svg size 1000,560 dynamic font 'sans-serif,13' background rgb "
    "'white'\n"
    "if (format eq 'png') set terminal pngcairo size 2000,1120 fontscale 2 linewidth 2 font 'sans-serif,10' "
    "background rgb 'white'\n"
    "if (format eq 'pdf') set terminal pdfcairo size 25cm,14cm fontscale 0.72 font 'sans-serif,13' "
    "background "
    "rgb 'white'\n"
    "set output '{0}.'.format\n"
    "set encoding utf8\nset datafile separator ','\n"
    "set tmargin at screen 0.82\nset bmargin at screen 0.175\nset lmargin at screen 0.085\n"
    "set rmargin at screen 0.975\n"
    "set border 3 lc rgb '#9a9a9a'\nset tics nomirror scale 0.5 font ',11' textcolor rgb '#333333'\n"
    "set format y '%.6g'\nset grid ytics lt 1 lw 0.5 lc rgb '#d8d8d8'\n"
    "set xlabel font ',12' textcolor rgb '#333333'\nset ylabel font ',12' textcolor rgb '#333333'\n"
    "set key at screen 0.975, screen 0.852 right center horizontal Left reverse font ',11' samplen 2\n";

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

std::string script_of(const Figure& figure) {
  std::string script = fmt::format(fmt::runtime(kBeginning), figure.name);
  int number = 1;
  for (const FigureData& data : figure.data)
    script += fmt::format("file{} = '{}{}.csv'\n", number++, figure.name, data.suffix);
  return script + figure.script;
}

Result<> draw(const Figure& figure, const fs::path& work, const std::string& format) {
  const auto ran =
      run_program({"gnuplot", "-e", "format='" + format + "'", figure.name + ".gp"}, work.string());
  if (!ran) return pass_on(ran);
  std::error_code error;
  if (ran->exit_status == 0 && fs::file_size(work / (figure.name + "." + format), error) > 0 && !error)
    return {};
  const std::string said(trim(ran->out));
  return fail(Failure::measurement, "gnuplot failed: " + (said.empty() ? exit_text(ran->exit_status) : said),
              figure.name + ".gp", "perfwatt export has the same numbers");
}

Result<> put(const fs::path& from, const fs::path& to) {
  const Result<std::string> content = read_file(from);
  return content ? write_file(to, *content) : pass_on(content);
}

Result<std::vector<fs::path>> make(const Figure& figure, const fs::path& work, const fs::path& folder,
                                   const std::vector<std::string>& formats) {
  std::vector<std::string> files = {figure.name + ".gp"};
  if (Result<> written = write_file(work / files[0], script_of(figure)); !written) return pass_on(written);
  for (const FigureData& data : figure.data) {
    files.push_back(figure.name + data.suffix + ".csv");
    if (Result<> written = write_file(work / files.back(), data.text); !written) return pass_on(written);
  }
  std::vector<fs::path> pictures;
  for (const std::string& format : formats) {
    if (Result<> drawn = draw(figure, work, format); !drawn) return pass_on(drawn);
    files.push_back(figure.name + "." + format);
    pictures.push_back(folder / files.back());
  }
  for (const std::string& file : files) {
    if (Result<> copied = put(work / file, folder / file); !copied) return pass_on(copied);
  }
  return pictures;
}

}  // namespace

std::vector<Figure> all_figures(const FigureInput& input) {
  std::vector<Figure> figures;
  for (const FigureFunction make : kFigures) std::ranges::move(make(input), std::back_inserter(figures));
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

Result<std::vector<fs::path>> plot(const FigureInput& input, const fs::path& folder,
                                   const std::vector<std::string>& formats) {
  if (find_helper("gnuplot").empty())
    return fail(Failure::not_possible, "figures need gnuplot, which is not installed", "",
                "sudo apt-get install gnuplot-nox");
  if (Result<> made = make_folder(folder); !made) return pass_on(made);
  const Result<TempFolder> work = TempFolder::make();
  if (!work) return pass_on(work);
  std::vector<fs::path> pictures;
  for (const Figure& figure : all_figures(input)) {
    const auto drawn = make(figure, work->path(), folder, formats);
    if (!drawn) return pass_on(drawn);
    pictures.insert(pictures.end(), drawn->begin(), drawn->end());
  }
  return pictures;
}

}  // namespace pw
