// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/drawing/draw.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/exit_status.h"
#include "base/text.h"
#include "os/file.h"
#include "os/run.h"
#include "report/drawing/older_figures.h"

namespace pw {
namespace fs = std::filesystem;
namespace {

// The beginning of every script, after first_words(). format is svg, png or pdf: gnuplot -e "format='pdf'"
// NAME.gp
constexpr std::string_view kBeginning =
    ", or gnuplot -e \"format='pdf'\" {0}.gp\n"
    "reset\n"
    "if (!exists('format')) format = 'svg'\n"
    "if (format eq 'svg') set terminal svg size 1000,{1} dynamic font 'sans-serif,13' background rgb "
    "'white'\n"
    "if (format eq 'png') set terminal pngcairo size 2000,{2} fontscale 1.5 linewidth 2 font 'sans-serif,10' "
    "background rgb 'white'\n"
    "if (format eq 'pdf') set terminal pdfcairo size 25cm,{3}cm fontscale 0.72 font 'sans-serif,13' "
    "background rgb 'white'\n"
    "set output '{0}.'.format\n"
    "set encoding utf8\nset datafile separator ','\n"
    "set lmargin at screen 0.085\nset rmargin at screen 0.975\n"
    "set border 3 lc rgb '#9a9a9a'\nset tics nomirror scale 0.5 font ',11' textcolor rgb '#333333'\n"
    "set format y '%.6g'\nset grid ytics lt 1 lw 0.5 lc rgb '#d8d8d8'\n"
    "set xlabel font ',12' textcolor rgb '#333333'\nset ylabel font ',12' textcolor rgb '#333333'\n";

// Loads every script; no figure has such a name.
constexpr const char* kAllScripts = "_all.gp";

std::string script_of(const Figure& figure) {
  std::string script =
      first_words(figure.name) + fmt::format(fmt::runtime(kBeginning), figure.name, figure.height,
                                             2 * figure.height, figure.height / 40.0);
  int number = 1;
  for (const FigureData& data : figure.data)
    script += fmt::format("file{} = '{}{}.csv'\n", number++, figure.name, data.suffix);
  return script + figure.script;
}

// What gnuplot reads, in `work`.
Result<std::vector<NamedText>> write_sources(const std::vector<const Figure*>& figures,
                                             const fs::path& work) {
  std::vector<NamedText> sources;
  std::string all;
  for (const Figure* figure : figures) {
    sources.push_back({figure->name + ".gp", script_of(*figure)});
    for (const FigureData& data : figure->data)
      sources.push_back({figure->name + data.suffix + ".csv", data.text});
    all += fmt::format("load '{}.gp'\n", figure->name);
  }
  for (const NamedText& source : sources)
    if (Result<> written = write_file(work / source.name, source.content); !written) return pass_on(written);
  if (Result<> written = write_file(work / kAllScripts, all + "set output\n"); !written)
    return pass_on(written);
  return sources;
}

// All of them by one gnuplot: its start takes longer than most pictures.
Result<std::vector<NamedText>> draw(const std::vector<const Figure*>& figures, const fs::path& work,
                                    const std::string& format) {
  const auto ran = run_program({"gnuplot", "-e", "format='" + format + "'", kAllScripts}, work.string());
  if (!ran) return pass_on(ran);
  std::vector<NamedText> pictures;
  for (const Figure* figure : figures) {
    const std::string name = figure->name + "." + format;
    Result<std::string> picture = read_file(work / name);
    if (!picture || picture->empty() || (ran->exit_status != 0 && figure == figures.back())) {
      const std::string said(trim(ran->out));
      return fail(Failure::measurement,
                  "gnuplot failed: " + (said.empty() ? exit_text(ran->exit_status) : said),
                  figure->name + ".gp", "perfwatt export has the same numbers");
    }
    pictures.push_back({name, std::move(*picture)});
  }
  return pictures;
}

}  // namespace

Result<Plotted> draw_figures(const std::vector<Figure>& figures, const fs::path& folder,
                             const std::vector<std::string>& formats) {
  if (find_helper("gnuplot").empty())
    return fail(Failure::not_possible, "figures need gnuplot, which is not installed", "",
                "sudo apt-get install gnuplot-nox");
  Plotted plotted;
  std::vector<const Figure*> present;
  for (const Figure& figure : figures)
    if (figure.absent.empty())
      present.push_back(&figure);
    else
      plotted.absent.emplace_back(figure.name, figure.absent);
  if (present.empty())
    return fail(Failure::not_possible, "there is nothing to draw",
                plotted.absent.empty() ? "" : plotted.absent.front().first,
                plotted.absent.empty() ? "" : printable(plotted.absent.front().second));
  const Result<Folder> to = Folder::make(folder);
  if (!to) return pass_on(to);
  const Result<TempFolder> work = TempFolder::make();
  if (!work) return pass_on(work);
  Result<std::vector<NamedText>> files = write_sources(present, work->path());
  if (!files) return pass_on(files);
  for (const std::string& format : formats) {
    Result<std::vector<NamedText>> pictures = draw(present, work->path(), format);
    if (!pictures) return pass_on(pictures);
    for (NamedText& picture : *pictures) {
      plotted.pictures.push_back(folder / picture.name);
      files->push_back(std::move(picture));
    }
  }
  const auto stale = stale_figures(*to, *files);
  if (!stale) return pass_on(stale);
  if (Result<> put = put_files(*to, *files, *stale); !put) return pass_on(put);
  return plotted;
}

}  // namespace pw
