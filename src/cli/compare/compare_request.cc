// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/compare/compare_request.h"

#include <fmt/format.h>

#include <utility>

#include "base/text.h"

namespace pw {
namespace {

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

// What of the options does not go together.
Result<> check_sides(const CompareRequest& request) {
  if (!request.confirm.empty() && request.fail_if.empty())
    return fail(Failure::input, "there is no limit that it could confirm", "--confirm",
                "--fail-if 'elapsed>2%'");
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

}  // namespace

void add_compare_options(CLI::App& app, CompareRequest& request) {
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
  add_text(app, "--confirm", request.confirm, "CMD",
           "--fail-if: CMD records NEW again, into {FILE}, and it fails where that does, too");
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

Result<CompareTask> compare_task(CompareRequest request) {
  if (const Result<> sides = check_sides(request); !sides) return pass_on(sides);
  auto limits = limits_of(request);
  if (!limits) return pass_on(limits);
  auto options = options_of(request);
  if (!options) return pass_on(options);
  return CompareTask{std::move(request), std::move(*options), std::move(*limits)};
}

}  // namespace pw
