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
#include "cli/compare/explained.h"
#include "options/report.h"
#include "options/terminal.h"
#include "report/compare/aa_page.h"
#include "report/compare/comparison_figure.h"
#include "report/compare/comparison_page.h"
#include "report/figures/draw.h"

namespace pw {
namespace {

constexpr int kGotWorse = 5;  // exit status: what --fail-if names has got worse

TextStyle style_of_stdout() { return {takes_escapes(STDOUT_FILENO), terminal_width(STDOUT_FILENO), false}; }

template <class Compared>
std::string text_of(const Compared& comparison, const std::string& format) {
  if (format == "csv") return comparison_csv(comparison);
  if (format == "json") return comparison_json(comparison);
  if (format == "markdown") return comparison_markdown(comparison);
  return comparison_text(comparison, style_of_stdout());
}

// A quantity that is named and that nothing has.
Result<> check_names(const Comparison& comparison) {
  if (comparison.unknown.empty()) return {};
  return fail(Failure::input,
              fmt::format("no recording has a quantity '{}'", printable(comparison.unknown.front())), "",
              "perfwatt compare without --rows and --better lists them");
}

Result<Comparison> comparison_of(const CompareTask& task, std::span<const Explanation> before,
                                 std::span<const Explanation> after) {
  Comparison comparison = compare(before, after, task.options);
  if (const Result<> known = check_names(comparison); !known) return pass_on(known);
  return comparison;
}

Result<Comparison> comparison_of(const CompareTask& task) {
  const CompareRequest& request = task.request;
  std::list<Kept> kept;
  const auto before = explain_all(request.before, request.variant, kept),
             after = explain_all(request.after, request.variant, kept);
  if (!before) return pass_on(before);
  if (!after) return pass_on(after);
  return comparison_of(task, *before, *after);
}

Result<VariantComparisons> check_all_names(VariantComparisons comparisons) {
  for (const Comparison& one : comparisons.all)
    if (const Result<> known = check_names(one); !known) return pass_on(known);
  return comparisons;
}

Result<VariantComparisons> matched_of(const CompareTask& task, const std::vector<MatchedVariant>& variants) {
  VariantComparisons comparisons = compare_matched(variants, task.options);
  if (comparisons.all.empty())
    return fail(Failure::input, "no variant is in recordings of both sides", "",
                "perfwatt compare FILE --reference NAME=V compares those of one file");
  return check_all_names(std::move(comparisons));
}

Result<VariantComparisons> variants_of(const CompareTask& task) {
  std::list<Kept> kept;
  const auto variants = explain_variants(task.request.before.front(), task.request.reference, kept);
  if (!variants) return pass_on(variants);
  VariantComparisons comparisons =
      compare_variants(variants->experiment, variants->all, variants->references, task.options);
  if (comparisons.all.empty())
    return fail(Failure::input, "every variant is a reference: there is none to compare with it",
                "--reference", "name fewer of them: NAME=V");
  return check_all_names(std::move(comparisons));
}

std::span<const Comparison> each_of(const Comparison& one) { return {&one, 1}; }
std::span<const Comparison> each_of(const VariantComparisons& comparisons) { return comparisons.all; }

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

// Prints what was compared; the exit status.
template <class Compared>
int tell(const Result<Compared>& compared, const CompareTask& task) {
  if (!compared) return report_error(compared.error());
  fmt::print("{}", text_of(*compared, task.request.format));
  if (const Result<> drawn = draw(each_of(*compared), task.request.figures); !drawn)
    return report_error(drawn.error());
  int status = 0;
  for (const Comparison& one : each_of(*compared)) {
    const auto broken = broken_limits(one, task.limits, task.request.strict);
    if (!broken) return report_error(broken.error());
    for (const std::string& text : *broken)
      note(one.variant.empty() ? text : printable(one.variant) + ": " + text);
    if (!broken->empty()) status = kGotWorse;
  }
  return status;
}

// Recordings before and after: with variants each of them, or the one that is named.
int tell_sides(const CompareTask& task) {
  if (!task.request.variant.empty()) return tell(comparison_of(task), task);
  std::list<Kept> kept;
  const auto variants = explain_matched(task.request.before, task.request.after, kept);
  if (!variants) return report_error(variants.error());
  if (variants->size() > 1 || !variants->front().label.empty())
    return tell(matched_of(task, *variants), task);
  return tell(comparison_of(task, variants->front().before, variants->front().after), task);
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
  return task->request.reference.empty() ? tell_sides(*task) : tell(variants_of(*task), *task);
}

}  // namespace pw
