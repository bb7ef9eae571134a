// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <list>
#include <span>

#include "analyze/compare/aa.h"
#include "analyze/compare/limits.h"
#include "base/text.h"
#include "cli/compare/compare.h"
#include "cli/compare/explained.h"
#include "options/options.h"
#include "options/report.h"
#include "options/terminal.h"
#include "report/compare/aa_page.h"
#include "report/compare/comparison_figure.h"
#include "report/compare/comparison_page.h"
#include "report/figures/draw.h"

namespace pw {
namespace {

constexpr int kGotWorse = 5;  // exit status: what --fail-if names has got worse

struct CompareRequest {
  std::vector<std::string> before, after, aa, fail_if, better;
  std::string rows, same_within, session_sd, format = "text", reference, variant, figures;
  bool strict = false;
};

Result<std::pair<std::string, Direction>> parse_better(const std::string& text) {
  const std::size_t equals = text.find_last_of('=');
  const std::string which = equals == std::string::npos ? "" : text.substr(equals + 1);
  if (which != "lower" && which != "higher")
    return fail(Failure::input, fmt::format("'{}' says no direction", printable(text)), "--better",
                "NAME=lower or NAME=higher");
  return std::pair{text.substr(0, equals), which == "lower" ? Direction::lower : Direction::higher};
}

Result<CompareOptions> options_of(const CompareRequest& request) {
  CompareOptions options;
  options.width_is_given = !request.same_within.empty();
  const Result<double> same =
      parse_share(options.width_is_given ? request.same_within : "2%", "--same-within");
  if (!same) return pass_on(same);
  options.rules.same_within = *same;
  if (!request.session_sd.empty()) {
    const Result<double> between = parse_share(request.session_sd, "--session-sd");
    if (!between) return pass_on(between);
    options.rules.session_sd = *between;
  }
  if (!request.rows.empty()) options.rows = split(request.rows, ',');
  for (const std::string& text : request.better) {
    const auto better = parse_better(text);
    if (!better) return pass_on(better);
    options.better.insert(*better);
  }
  return options;
}

Result<std::vector<Limit>> limits_of(const CompareRequest& request) {
  std::vector<Limit> limits;
  for (const std::string& text : request.fail_if) {
    const Result<Limit> limit = parse_limit(text);
    if (!limit) return pass_on(limit);
    limits.push_back(*limit);
  }
  return limits;
}

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

Result<Comparison> comparison_of(const CompareRequest& request, std::span<const Explanation> before,
                                 std::span<const Explanation> after) {
  const Result<CompareOptions> options = options_of(request);
  if (!options) return pass_on(options);
  Comparison comparison = compare(before, after, *options);
  if (const Result<> known = check_names(comparison); !known) return pass_on(known);
  return comparison;
}

Result<Comparison> comparison_of(const CompareRequest& request) {
  std::list<Kept> kept;
  const auto before = explain_all(request.before, request.variant, kept),
             after = explain_all(request.after, request.variant, kept);
  if (!before) return pass_on(before);
  if (!after) return pass_on(after);
  return comparison_of(request, *before, *after);
}

Result<VariantComparisons> check_all_names(VariantComparisons comparisons) {
  for (const Comparison& one : comparisons.all)
    if (const Result<> known = check_names(one); !known) return pass_on(known);
  return comparisons;
}

Result<VariantComparisons> matched_of(const CompareRequest& request,
                                      const std::vector<MatchedVariant>& variants) {
  const Result<CompareOptions> options = options_of(request);
  if (!options) return pass_on(options);
  VariantComparisons comparisons = compare_matched(variants, *options);
  if (comparisons.all.empty())
    return fail(Failure::input, "no variant is in recordings of both sides", "",
                "perfwatt compare FILE --reference NAME=V compares those of one file");
  return check_all_names(std::move(comparisons));
}

Result<VariantComparisons> variants_of(const CompareRequest& request) {
  const Result<CompareOptions> options = options_of(request);
  if (!options) return pass_on(options);
  std::list<Kept> kept;
  const auto variants = explain_variants(request.before.front(), request.reference, kept);
  if (!variants) return pass_on(variants);
  VariantComparisons comparisons =
      compare_variants(variants->experiment, variants->all, variants->references, *options);
  if (comparisons.all.empty())
    return fail(Failure::input, "every variant is a reference: there is none to compare with it",
                "--reference", "name fewer of them: NAME=V");
  return check_all_names(std::move(comparisons));
}

std::span<const Comparison> each_of(const Comparison& one) { return {&one, 1}; }
std::span<const Comparison> each_of(const VariantComparisons& comparisons) { return comparisons.all; }

// A name of its own for each.
std::vector<Figure> forests(std::span<const Comparison> comparisons, double same_within) {
  std::vector<Figure> figures;
  for (const Comparison& one : comparisons) {
    Figure figure = comparison_figure(one, same_within);
    if (!one.variant.empty()) figure.name += "-" + file_name(one.variant).substr(0, kMostName - 20);
    const std::string name = figure.name;
    for (int i = 2; std::ranges::count(figures, figure.name, &Figure::name) > 0; ++i)
      figure.name = fmt::format("{}-{}", name, i);
    figures.push_back(std::move(figure));
  }
  return figures;
}

Result<> draw(std::span<const Comparison> comparisons, const CompareRequest& request) {
  if (request.figures.empty()) return {};
  const Result<CompareOptions> options = options_of(request);
  if (!options) return pass_on(options);
  const std::vector<Figure> figures = forests(comparisons, options->rules.same_within);
  for (const Figure& figure : figures)
    if (!figure.absent.empty()) note("not drawn: " + figure.name + ": " + figure.absent);
  if (std::ranges::none_of(figures, [](const Figure& one) { return one.absent.empty(); })) return {};
  const auto plotted = draw_figures(figures, request.figures, {"svg"});
  if (!plotted) return pass_on(plotted);
  for (const std::filesystem::path& picture : plotted->pictures) note("figure: " + picture.string());
  return {};
}

// Prints what was compared; the exit status.
template <class Compared>
int tell(const Result<Compared>& compared, const CompareRequest& request) {
  const auto limits = limits_of(request);
  if (!limits) return report_error(limits.error());
  if (!compared) return report_error(compared.error());
  fmt::print("{}", text_of(*compared, request.format));
  if (const Result<> drawn = draw(each_of(*compared), request); !drawn) return report_error(drawn.error());
  int status = 0;
  for (const Comparison& one : each_of(*compared)) {
    const auto broken = broken_limits(one, *limits, request.strict);
    if (!broken) return report_error(broken.error());
    for (const std::string& text : *broken)
      note(one.variant.empty() ? text : printable(one.variant) + ": " + text);
    if (!broken->empty()) status = kGotWorse;
  }
  return status;
}

// Recordings before and after: with variants each of them, or the one that is named.
int tell_sides(const CompareRequest& request) {
  if (!request.variant.empty()) return tell(comparison_of(request), request);
  std::list<Kept> kept;
  const auto variants = explain_matched(request.before, request.after, kept);
  if (!variants) return report_error(variants.error());
  if (variants->size() > 1 || !variants->front().label.empty())
    return tell(matched_of(request, *variants), request);
  return tell(comparison_of(request, variants->front().before, variants->front().after), request);
}

// What of the options does not go together.
Result<> check_sides(const CompareRequest& request) {
  if (!request.reference.empty()) {
    if (request.before.size() == 1 && request.after.empty() && request.aa.empty() && request.variant.empty())
      return {};
    return fail(Failure::input, "the variants of one recording are compared with each other", "--reference",
                "perfwatt compare FILE --reference NAME=V");
  }
  if (request.aa.empty()) {
    if (!request.before.empty() && !request.after.empty()) return {};
    return fail(Failure::input, "recordings of both sides are needed", "",
                "perfwatt compare OLD --with NEW; compare --help shows more");
  }
  if (!request.before.empty() || !request.after.empty() || !request.fail_if.empty() ||
      !request.figures.empty())
    return fail(Failure::input, "A against A has one side, no limits and no figures", "--aa",
                "leave out OLD, --with, --fail-if and --figures");
  if (request.format != "text" && request.format != "json")
    return fail(Failure::input, "A against A is text or json", "--format", "--format json");
  return {};
}

Result<std::string> aa_of(const CompareRequest& request) {
  const Result<CompareOptions> options = options_of(request);
  if (!options) return pass_on(options);
  std::list<Kept> kept;
  const auto recordings = explain_all(request.aa, request.variant, kept);
  if (!recordings) return pass_on(recordings);
  const Result<Aa> aa = compare_aa(*recordings, *options);
  if (!aa) return pass_on(aa);
  return request.format == "json" ? aa_json(*aa) : aa_text(*aa, style_of_stdout());
}

int print_aa(const CompareRequest& request) {
  const Result<std::string> text = aa_of(request);
  if (!text) return report_error(text.error());
  fmt::print("{}", *text);
  return 0;
}

void add_options(CLI::App& app, CompareRequest& request) {
  app.add_option("OLD", request.before, "recordings before");
  app.add_option("--with", request.after, "recordings after")->type_name("NEW");
  app.add_option("--aa", request.aa, "instead: how often equal things would be called different here")
      ->type_name("FILE");
  add_text(app, "--reference", request.reference, "NAME=V",
           "instead of --with: the variant of FILE that its others are compared with");
  add_text(app, "--variant", request.variant, "NAME=V", "of recordings with variants, that one");
  add_list(app, "--rows", request.rows, "LIST",
           "the quantities that matter: half of what may go wrong is theirs (elapsed, the machine's energy)");
  app.add_option("--better", request.better, "which way a quantity is better: lower or higher")
      ->type_name("NAME=WAY");
  add_text(app, "--same-within", request.same_within, "SHARE",
           "what is as good as equal (2%, or what the run had)");
  add_text(
      app, "--session-sd", request.session_sd, "SHARE",
      "how far the means of recordings of one thing are apart (standard deviation): two files then tell");
  app.add_option("--fail-if", request.fail_if, "exit 5 where all of the interval is beyond: 'elapsed>2%'")
      ->type_name("LIMIT");
  app.add_flag("--strict", request.strict, "--fail-if: also where it cannot be told");
  app.add_option("--format", request.format, "text, csv, json or markdown (text)")
      ->type_name("NAME")
      ->check(one_of({"text", "csv", "json", "markdown"}));
  app.add_option("--figures", request.figures, "draw the ratios and their intervals into this folder")
      ->type_name("DIR")
      ->check(no_dash());
  app.footer(
      "Three recordings or more a side tell of the code; of two files what differs is the recordings.\n"
      "Examples: perfwatt compare old.perfwatt --with new.perfwatt\n"
      "          perfwatt compare a1 a2 a3 --with b1 b2 b3 --fail-if 'elapsed>2%'\n"
      "          perfwatt compare r.perfwatt --reference build=./old");
}

}  // namespace

int compare_command(int argc, char** argv) {
  CLI::App app("Is it better: recordings before against recordings after, each quantity with a verdict",
               "perfwatt compare");
  CompareRequest request;
  add_options(app, request);
  if (const auto status = parse_options(app, argc, argv)) return *status;
  if (const Result<> sides = check_sides(request); !sides) return report_error(sides.error());
  if (!request.aa.empty()) return print_aa(request);
  if (const auto limits = limits_of(request); !limits) return report_error(limits.error());
  return request.reference.empty() ? tell_sides(request) : tell(variants_of(request), request);
}

}  // namespace pw
