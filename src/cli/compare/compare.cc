// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <list>
#include <span>
#include <utility>

#include "analyze/compare/aa.h"
#include "base/text.h"
#include "cli/compare/compare.h"
#include "cli/compare/compare_request.h"
#include "cli/compare/compared.h"
#include "cli/compare/confirm.h"
#include "cli/compare/explained.h"
#include "options/report.h"
#include "options/terminal.h"
#include "report/compare/aa_page.h"
#include "report/compare/comparison_figure.h"
#include "report/compare/confirmation_page.h"
#include "report/drawing/draw.h"

namespace pw {
namespace {

constexpr int kGotWorse = 5;  // exit status: what --fail-if names has got worse

TextStyle style_of_stdout() { return {takes_escapes(STDOUT_FILENO), terminal_width(STDOUT_FILENO), false}; }

// A name of its own for each.
std::vector<Figure> forests(std::span<const Comparison> comparisons) {
  std::vector<Figure> figures;
  for (const Comparison& one : comparisons) {
    Figure figure = comparison_figure(one);
    if (!one.variant.empty()) figure.name += "-" + file_name(one.variant).substr(0, kMostName - 20);
    const std::string name = figure.name;
    for (int i = 2; std::ranges::count(figures, figure.name, &Figure::name) > 0; ++i)
      figure.name = fmt::format("{}-{}", name, i);
    figures.push_back(std::move(figure));
  }
  return figures;
}

Result<> draw(std::span<const Comparison> comparisons, const std::string& folder) {
  if (folder.empty()) return {};
  const std::vector<Figure> figures = forests(comparisons);
  for (const Figure& figure : figures)
    if (!figure.absent.empty()) note("not drawn: " + figure.name + ": " + figure.absent);
  if (std::ranges::none_of(figures, [](const Figure& one) { return one.absent.empty(); })) return {};
  const auto plotted = draw_figures(figures, folder, {"svg"});
  if (!plotted) return pass_on(plotted);
  for (const std::filesystem::path& picture : plotted->pictures) note("figure: " + picture.string());
  return {};
}

std::string of_variant(const BrokenLimit& broken) {
  return broken.variant.empty() ? broken.text : printable(broken.variant) + ": " + broken.text;
}

void print_confirmed(const Compared& first, const Confirmed& confirmed, const std::string& format) {
  const std::string again = confirmed.again ? confirmed.again->text(format) : "";
  if (format == "json")
    fmt::print("{}", confirmation_json(confirmed.told, first.text(format), again));
  else if (format == "markdown")
    fmt::print("{}", confirmation_markdown(confirmed.told) + again);
  else if (format == "text")
    fmt::print("{}", confirmation_text(confirmed.told, style_of_stdout()) + again);
}

// What is over a limit; the exit status.
int tell_broken(const CompareTask& task, const Compared& first, const std::vector<BrokenLimit>& broken) {
  const CompareRequest& request = task.request;
  for (const BrokenLimit& one : broken) note(of_variant(one));
  if (broken.empty() || request.confirm.empty()) return broken.empty() ? 0 : kGotWorse;
  note("measuring again: " + printable(request.confirm));
  const Confirmed confirmed = confirm(task, first, broken);
  print_confirmed(first, confirmed, request.format);
  if (confirmed.error) return report_error(*confirmed.error);
  for (const ConfirmedLimit& one : confirmed.told.limits)
    note(fmt::format("measured again: {}: {}", one.confirmed ? "confirmed" : "not confirmed", one.again));
  return any_confirmed(confirmed.told) ? kGotWorse : 0;
}

// Prints what was compared; the exit status.
int tell(const CompareTask& task) {
  const CompareRequest& request = task.request;
  const Result<Compared> first = compared(task, files_of(request));
  if (!first) return report_error(first.error());
  const auto broken = broken_limits(first->each(), task.limits, request.strict);
  const bool again = broken && !broken->empty() && !request.confirm.empty();
  if (!again || request.format != "json") fmt::print("{}", first->text(request.format));
  if (const Result<> drawn = draw(first->each(), request.figures); !drawn) return report_error(drawn.error());
  return broken ? tell_broken(task, *first, *broken) : report_error(broken.error());
}

Result<std::string> aa_of(const CompareTask& task) {
  std::list<Kept> kept;
  const auto recordings = explain_all(task.request.aa, task.request.variant, kept);
  if (!recordings) return pass_on(recordings);
  const Result<Aa> aa = compare_aa(*recordings, task.options);
  if (!aa) return pass_on(aa);
  return task.request.format == "json" ? aa_json(*aa) : aa_text(*aa, style_of_stdout());
}

int print_aa(const CompareTask& task) {
  const Result<std::string> text = aa_of(task);
  if (!text) return report_error(text.error());
  fmt::print("{}", *text);
  return 0;
}

}  // namespace

int compare_command(int argc, char** argv) {
  CLI::App app("Is it better: recordings before against recordings after, each quantity with a verdict",
               "perfwatt compare");
  CompareRequest request;
  add_compare_options(app, request);
  if (const auto status = parse_options(app, argc, argv)) return *status;
  const Result<CompareTask> task = compare_task(std::move(request));
  if (!task) return report_error(task.error());
  if (!task->request.aa.empty()) return print_aa(*task);
  return tell(*task);
}

}  // namespace pw
