// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/figures.h"

#include <fmt/format.h>

#include <set>

#include "base/text.h"
#include "os/file.h"
#include "os/run.h"
#include "report/figure.h"

namespace pw {
namespace fs = std::filesystem;
namespace {

// The beginning of every script. format is svg, png or pdf: gnuplot -e "format='pdf'" NAME.gp
constexpr std::string_view kBeginning =
    "# perfwatt: restyle and run `gnuplot {0}.gp` here\n"
    "if (!exists('format')) format = 'svg'\n"
    "if (format eq 'svg') set terminal svg size 1000,560 dynamic font 'sans-serif,13' background rgb "
    "'white'\n"
    "if (format eq 'png') set terminal pngcairo size 1500,840 font 'sans-serif,19' background rgb 'white'\n"
    "if (format eq 'pdf') set terminal pdfcairo size 25cm,14cm font 'sans-serif,13' background rgb 'white'\n"
    "set output '{0}.'.format\n"
    "set encoding utf8\nset datafile separator ','\n"
    "set tmargin at screen 0.875\nset bmargin at screen 0.17\nset lmargin at screen 0.09\nset rmargin at "
    "screen 0.975\n"
    "set border 3 lc rgb '#888888'\nset tics nomirror\nset format y '%.6g'\nset tics font ',11'\n"
    "set key at screen 0.975, screen 0.893 right center horizontal font ',11' samplen 2\n";

std::vector<Figure> all_figures(const Recording& recording, std::span<const EnergyRow> energy) {
  std::vector<Figure> figures;
  std::set<std::string> drawn;
  const auto draw = [&](const std::string& label) {
    Figure figure = counter_figure(recording, label);
    if (drawn.insert(figure.name).second) figures.push_back(std::move(figure));
  };
  for (const std::string_view name : kStudyEvents) draw(std::string(name));
  for (const Event& event : recording.events) draw(event.label());
  figures.push_back(time_figure(recording));
  figures.push_back(power_figure(recording, energy));
  return figures;
}

Result<> draw(const Figure& figure, const fs::path& work, const std::string& format) {
  const auto ran =
      run_program({"gnuplot", "-e", "format='" + format + "'", figure.name + ".gp"}, work.string());
  if (!ran) return pass_on(ran);
  std::error_code error;
  if (ran->exit_status == 0 && fs::file_size(work / (figure.name + "." + format), error) > 0 && !error)
    return {};
  return fail(Failure::measurement, "gnuplot failed: " + std::string(trim(ran->out)), figure.name + ".gp");
}

Result<> put(const fs::path& from, const fs::path& to) {
  const Result<std::string> content = read_file(from);
  return content ? write_file(to, *content) : pass_on(content);
}

Result<std::vector<fs::path>> make(const Figure& figure, const fs::path& work, const fs::path& folder,
                                   const std::vector<std::string>& formats) {
  const std::string script = fmt::format(fmt::runtime(kBeginning), figure.name) + figure.script;
  if (Result<> written = write_file(work / (figure.name + ".gp"), script); !written) return pass_on(written);
  if (Result<> written = write_file(work / (figure.name + ".csv"), figure.data); !written)
    return pass_on(written);
  std::vector<fs::path> pictures;
  std::vector<std::string> suffixes = {"gp", "csv"};
  for (const std::string& format : formats) {
    if (Result<> drawn = draw(figure, work, format); !drawn) return pass_on(drawn);
    suffixes.push_back(format);
    pictures.push_back(folder / (figure.name + "." + format));
  }
  for (const std::string& suffix : suffixes) {
    const std::string file = figure.name + "." + suffix;
    if (Result<> copied = put(work / file, folder / file); !copied) return pass_on(copied);
  }
  return pictures;
}

}  // namespace

Result<std::vector<fs::path>> plot(const Recording& recording, std::span<const EnergyRow> energy,
                                   const fs::path& folder, const std::vector<std::string>& formats) {
  if (!on_path("gnuplot"))
    return fail(Failure::not_possible, "figures need gnuplot, which is not installed", "",
                "sudo apt-get install gnuplot-nox");
  if (Result<> made = make_folder(folder); !made) return pass_on(made);
  const Result<TempFolder> work = TempFolder::make();
  if (!work) return pass_on(work);
  std::vector<fs::path> pictures;
  for (const Figure& figure : all_figures(recording, energy)) {
    const auto drawn = make(figure, work->path(), folder, formats);
    if (!drawn) return pass_on(drawn);
    pictures.insert(pictures.end(), drawn->begin(), drawn->end());
  }
  return pictures;
}

}  // namespace pw
