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
#include "report/figures/older_figures.h"

namespace pw {

#define FIGURES(name) std::vector<Figure> name##_figures(const FigureInput& input);
#include "report/figures/figures.inc"
#undef FIGURES

namespace fs = std::filesystem;
namespace {

// The beginning of every script, after first_words(). format is svg, png or pdf: gnuplot -e "format='pdf'"
// NAME.gp
constexpr std::string_view kBeginning =
    ", or gnuplot -e \"format='pdf'\" {0}.gp\n"
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
  std::string script = first_words(figure.name) + fmt::format(fmt::runtime(kBeginning), figure.name);
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

// Draws the figure in `work`, and adds its files.
Result<> make(const Figure& figure, const fs::path& work, const std::vector<std::string>& formats,
              std::vector<NamedText>& files) {
  std::vector<NamedText> sources = {{figure.name + ".gp", script_of(figure)}};
  for (const FigureData& data : figure.data)
    sources.push_back({figure.name + data.suffix + ".csv", data.text});
  for (NamedText& source : sources) {
    if (Result<> written = write_file(work / source.name, source.content); !written) return written;
    files.push_back(std::move(source));
  }
  for (const std::string& format : formats) {
    if (Result<> drawn = draw(figure, work, format); !drawn) return drawn;
    const std::string name = figure.name + "." + format;
    Result<std::string> picture = read_file(work / name);
    if (!picture) return pass_on(picture);
    files.push_back({name, std::move(*picture)});
  }
  return {};
}

bool is_picture(const NamedText& file) { return !file.name.ends_with(".gp") && !file.name.ends_with(".csv"); }

}  // namespace

std::vector<Figure> all_figures(const FigureInput& input) {
  std::vector<Figure> figures;
  const bool scans = !input.recording.experiment.variants.empty();
  if (scans) figures = scan_figures(input);
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

Result<std::vector<fs::path>> plot(const FigureInput& input, const fs::path& folder,
                                   const std::vector<std::string>& formats) {
  if (find_helper("gnuplot").empty())
    return fail(Failure::not_possible, "figures need gnuplot, which is not installed", "",
                "sudo apt-get install gnuplot-nox");
  const Result<Folder> to = Folder::make(folder);
  if (!to) return pass_on(to);
  const Result<TempFolder> work = TempFolder::make();
  if (!work) return pass_on(work);
  std::vector<NamedText> files;
  for (const Figure& figure : all_figures(input))
    if (Result<> made = make(figure, work->path(), formats, files); !made) return pass_on(made);
  const auto stale = stale_figures(*to, files);
  if (!stale) return pass_on(stale);
  if (Result<> put = put_files(*to, files, *stale); !put) return pass_on(put);
  std::vector<fs::path> pictures;
  for (const NamedText& file : files)
    if (is_picture(file)) pictures.push_back(folder / file.name);
  return pictures;
}

}  // namespace pw
