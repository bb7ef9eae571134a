// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <unistd.h>

#include <list>

#include "analyze/analysis.h"
#include "analyze/compare/aa.h"
#include "analyze/compare/limits.h"
#include "base/text.h"
#include "cli/compare/compare.h"
#include "options/options.h"
#include "options/report.h"
#include "options/terminal.h"
#include "report/compare/aa_page.h"
#include "report/compare/comparison_page.h"
#include "store/load.h"

namespace pw {
namespace {

constexpr int kGotWorse = 5;  // exit status: what --fail-if names has got worse

struct CompareRequest {
  std::vector<std::string> before, after, aa, fail_if, better;
  std::string rows, same_within = "2%", session_sd, format = "text";
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
  const Result<double> same = parse_share(request.same_within, "--same-within");
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

struct Kept {
  Recording recording;
  Analysis analysis;
};

Result<std::vector<Explanation>> explain_all(const std::vector<std::string>& files, std::list<Kept>& kept) {
  std::vector<Explanation> all;
  for (const std::string& file : files) {
    Result<Recording> recording = load(file);
    if (!recording) return pass_on(recording);
    Analysis analysis = analyze(*recording, {.rows = false});
    const Kept& one = kept.emplace_back(Kept{std::move(*recording), std::move(analysis)});
    all.push_back({&one.recording, &one.analysis});
  }
  return all;
}

TextStyle style_of_stdout() { return {takes_escapes(STDOUT_FILENO), terminal_width(STDOUT_FILENO), false}; }

std::string text_of(const Comparison& comparison, const std::string& format) {
  if (format == "csv") return comparison_csv(comparison);
  if (format == "json") return comparison_json(comparison);
  if (format == "markdown") return comparison_markdown(comparison);
  return comparison_text(comparison, style_of_stdout());
}

Result<Comparison> comparison_of(const CompareRequest& request) {
  const Result<CompareOptions> options = options_of(request);
  if (!options) return pass_on(options);
  std::list<Kept> kept;
  const auto before = explain_all(request.before, kept), after = explain_all(request.after, kept);
  if (!before) return pass_on(before);
  if (!after) return pass_on(after);
  Comparison comparison = compare(*before, *after, *options);
  if (!comparison.unknown.empty())
    return fail(Failure::input,
                fmt::format("no recording has a quantity '{}'", printable(comparison.unknown.front())), "",
                "perfwatt compare without --rows and --better lists them");
  return comparison;
}

int status_of(const Comparison& comparison, const std::vector<Limit>& limits, bool strict) {
  const auto broken = broken_limits(comparison, limits, strict);
  if (!broken) return report_error(broken.error());
  for (const std::string& one : *broken) note(one);
  return broken->empty() ? 0 : kGotWorse;
}

// What of the options does not go together.
Result<> check_sides(const CompareRequest& request) {
  if (request.aa.empty()) {
    if (!request.before.empty() && !request.after.empty()) return {};
    return fail(Failure::input, "recordings of both sides are needed", "",
                "perfwatt compare OLD --with NEW; compare --help shows more");
  }
  if (!request.before.empty() || !request.after.empty() || !request.fail_if.empty())
    return fail(Failure::input, "A against A has one side and no limits", "--aa",
                "leave out OLD, --with and --fail-if");
  if (request.format != "text" && request.format != "json")
    return fail(Failure::input, "A against A is text or json", "--format", "--format json");
  return {};
}

Result<std::string> aa_of(const CompareRequest& request) {
  const Result<CompareOptions> options = options_of(request);
  if (!options) return pass_on(options);
  std::list<Kept> kept;
  const auto recordings = explain_all(request.aa, kept);
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
  add_list(app, "--rows", request.rows, "LIST",
           "the quantities that matter: half of what may go wrong is theirs (elapsed, the machine's energy)");
  app.add_option("--better", request.better, "which way a quantity is better: lower or higher")
      ->type_name("NAME=WAY");
  add_text(app, "--same-within", request.same_within, "SHARE", "what is as good as equal (2%)");
  add_text(
      app, "--session-sd", request.session_sd, "SHARE",
      "how far the means of recordings of one thing are apart (standard deviation): two files then tell");
  app.add_option("--fail-if", request.fail_if, "exit 5 where all of the interval is beyond: 'elapsed>2%'")
      ->type_name("LIMIT");
  app.add_flag("--strict", request.strict, "--fail-if: also where it cannot be told");
  app.add_option("--format", request.format, "text, csv, json or markdown (text)")
      ->type_name("NAME")
      ->check(one_of({"text", "csv", "json", "markdown"}));
  app.footer(
      "Three recordings or more a side tell of the code; of two files what differs is the recordings.\n"
      "Examples: perfwatt compare old.perfwatt --with new.perfwatt\n"
      "          perfwatt compare a1 a2 a3 --with b1 b2 b3 --fail-if 'elapsed>2%'");
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
  const auto limits = limits_of(request);
  if (!limits) return report_error(limits.error());
  const Result<Comparison> comparison = comparison_of(request);
  if (!comparison) return report_error(comparison.error());
  fmt::print("{}", text_of(*comparison, request.format));
  return status_of(*comparison, *limits, request.strict);
}

}  // namespace pw
