// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/run_options.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <vector>

#include "cli/common.h"
#include "cli/foreign_options.h"
#include "cli/target_options.h"
#include "job/launcher.h"

namespace pw {
namespace {

// The command line with its numbers as CLI11 has them; 0: not given, where 0 is not allowed.
struct Typed {
  RunOptions options;
  double tests = 0, warmups = 1, idle = 10, pause = 0, timeout = 0, rate = 0, most_variants = 1000;
  std::string power;
  TypedTarget target;
};

void add_test_options(CLI::App& app, Typed& typed) {
  RunRequest& request = typed.options.request;
  add_number(app, "-n,--tests", typed.tests, "N", {1, 1e6, true}, "how often everything is measured (11)");
  add_text(app, "--stop-when", request.stop_when, "EVENT:WIDTH%",
           "stop when its mean is known to ± WIDTH (elapsed:1%); -n: the most");
  add_text(app, "--until-decided", request.until_decided, "NAME:WIDTH%",
           "stop when it is clear whether variants differ (elapsed:2%)");
  add_number(app, "--warmup", typed.warmups, "N", {0, 1e6, true},
             "executions before the tests, not measured (1)");
  add_number(app, "--idle", typed.idle, "SECONDS", {0, 1e6},
             "of idle power before and after (10; none without a power source)");
  add_number(app, "--pause", typed.pause, "SECONDS", {0, 1e6}, "between executions (0)");
}

void add_count_options(CLI::App& app, Typed& typed) {
  RunRequest& request = typed.options.request;
  add_list(app, "-e,--events", request.events, "LIST", "events (the study's eight and four software events)");
  add_list(app, "-M,--metrics", request.metrics, "LIST",
           "metrics: their events are counted, too (perfwatt list metrics)");
  add_target_options(app, typed.target);
  app.add_flag("--multiplex", request.multiplex, "one pass: counters take turns and values are scaled");
}

void add_power_options(CLI::App& app, Typed& typed) {
  add_text(app, "--power", typed.power, "SOURCE,..|none",
           "power sources (the best that works: perfwatt list power)");
  app.add_flag("--strict", typed.options.request.power.strict, kStrictHelp);
  add_number(app, "--rate", typed.rate, "HZ", {0.001, 1000}, "periods of power a second (dcmi 1)");
  add_text(app, "--bmc-password-file", typed.options.request.power.password_file, "FILE",
           "else PERFWATT_BMC_PASSWORD or a prompt");
}

CLI::Option* add_each(CLI::App& app, const std::string& name, std::vector<std::string>& values,
                      const std::string& type, const std::string& help) {
  return app.add_option(name, values, help)
      ->type_name(type)
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
}

void add_command_options(CLI::App& app, Typed& typed) {
  RunRequest& request = typed.options.request;
  add_text(app, "--items", request.arranged.items, "N", "units of work per execution, for values per item");
  add_each(app, "--capture", request.captures, "NAME=REGEX",
           "keep the last match of a group in the command's output");
  add_text(app, "--cpus", request.cpus, "LIST", "pin the command to these CPUs (0-3,8)");
  add_text(app, "--user", request.user, "NAME", "run the command as that user");
  add_text(app, "--input", request.input, "FILE|-",
           "the command's standard input; -: perfwatt's (/dev/null)");
  add_number(app, "--timeout", typed.timeout, "SECONDS", {1e-3, 1e9}, "that one execution may take");
}

void add_region_options(CLI::App& app, Typed& typed) {
  add_text(app, "--regions", typed.options.request.regions, "WORD",
           "who marks the command's regions: marks, torch, omp, auto, none (marks)");
  add_text(app, "--region-scope", typed.options.request.region_scope, "WORD",
           "whose events a region counts: process, thread, team or none (process)");
}

void add_variant_options(CLI::App& app, Typed& typed) {
  ArrangementRequest& arranged = typed.options.request.arranged;
  add_each(app, "-L,--parameter", arranged.parameters, "NAME=LIST",
           "each value a variant, {NAME} in the command: 1,2 or 1..8*2 or @FILE");
  add_text(app, "--order", arranged.order, "NAME",
           "of variants: interleaved, blocked or random (interleaved)");
  add_each(app, "--vary", arranged.varied, "NAME=LIST",
           "a value drawn anew for each test, which is no variant");
  add_number(app, "--most-variants", typed.most_variants, "N", {1, static_cast<double>(kMostVariants), true},
             "that there may be (1000)");
  add_text(app, "--setup", arranged.setup, "CMD", "for sh -c, once before the warm-up, not measured");
  add_text(app, "--prepare", arranged.prepare, "CMD", "before each execution");
  add_text(app, "--conclude", arranged.conclude, "CMD", "after each execution");
  add_text(app, "--cleanup", arranged.cleanup, "CMD", "once after the tests, also where they were stopped");
}

void add_output_options(CLI::App& app, Typed& typed) {
  RunOptions& options = typed.options;
  add_text(app, "-o,--output", options.output, "FILE", "the recording (perfwatt-<UTC time>.perfwatt)")
      ->check(no_dash());
  add_text(app, "--job-dir", options.request.job_dir, "DIR",
           "of a job (perfwatt rank): a folder that all its nodes see (NAME.job)");
  app.add_flag("--force", options.force, "replace the recording where it exists");
  add_text(app, "--label", options.request.label, "TEXT", "what this run is, for the reader");
  app.add_flag("--show-output", options.request.show_output, "show what the command prints, on stderr");
}

// As the help lists them.
void add_options(CLI::App& app, Typed& typed) {
  add_test_options(app, typed);
  add_count_options(app, typed);
  add_power_options(app, typed);
  add_command_options(app, typed);
  add_region_options(app, typed);
  add_variant_options(app, typed);
  add_output_options(app, typed);
  app.footer(
      "Examples:\n"
      "  perfwatt run -- python3 hotdog.py 500 1\n"
      "  perfwatt run -L threads=1,2,4 -L build=./old,./new -- {build} --threads {threads}\n"
      "Exit status: 0 ok, 1 measuring failed, 2 usage, 3 not possible here, 4 command failed, 130 Ctrl-C.");
}

constexpr std::string_view kRankInName = "%r";

// A run of each rank by itself has a recording of its own.
Result<> fill_rank(std::string& output) {
  if (output.find(kRankInName) == std::string::npos) return {};
  const auto place = launched_as(own_variable);
  if (!place)
    return fail(Failure::input, "%r is the rank, and no launcher says which this is", "-o",
                "start it by a launcher that is known: " + known_launchers());
  for (std::size_t at; (at = output.find(kRankInName)) != std::string::npos;)
    output.replace(at, kRankInName.size(), std::to_string(place->rank));
  return {};
}

std::string default_output() {
  return fmt::format("perfwatt-{:%Y%m%dT%H%M%SZ}.perfwatt", fmt::gmtime(std::time(nullptr)));
}

RunOptions options_of(Typed typed, std::vector<std::string> command) {
  RunOptions options = std::move(typed.options);
  RunRequest& request = options.request;
  request.command = std::move(command);
  if (typed.tests > 0) request.tests = static_cast<int>(typed.tests);
  request.warmups = static_cast<int>(typed.warmups);
  request.idle = {typed.idle};
  request.pause = {typed.pause};
  if (typed.timeout > 0) request.timeout = Seconds{typed.timeout};
  request.arranged.most_variants = static_cast<std::size_t>(typed.most_variants);
  if (!typed.power.empty()) request.power.sources = typed.power;
  if (typed.rate > 0) request.power.rate_hz = typed.rate;
  request.target = target_request(typed.target);
  options.named = !options.output.empty();
  if (!options.named) options.output = default_output();
  return options;
}

}  // namespace

ParsedRun parse_run(int argc, char** argv) {
  CLI::App app("Measures a command: tests, counters, power -> a recording and a summary", "perfwatt run");
  Typed typed;
  add_options(app, typed);
  const TypedWords words = read_words(app, argc, argv, true);
  if (const auto status = parse_options(app, words.own, argv, " [--] COMMAND [ARG...]", kOptionsElsewhere))
    return {std::nullopt, *status};
  RunOptions options = options_of(std::move(typed), {argv + words.first_operand, argv + argc});
  if (const Result<> filled_in = fill_rank(options.output); !filled_in)
    return {std::nullopt, report_error(filled_in.error())};
  options.request.beside = std::filesystem::path(options.output).replace_extension(".job").string();
  options.dashes = words.first_operand > words.own;
  return {std::move(options), 0};
}

}  // namespace pw
