// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/run_options.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <ctime>
#include <filesystem>

#include "base/text.h"
#include "cli/common.h"
#include "cli/metric_events.h"
#include "cli/stop_option.h"
#include "cli/target_options.h"

namespace pw {
namespace {

constexpr int kDefaultTests = 11;
constexpr int kMostTests = 100;      // with --stop-when
constexpr double kDefaultIdle = 10;  // seconds, where there is a power source

// As typed, before anything is checked.
struct Typed {
  double tests = 0, warmups = 1, idle = kDefaultIdle, pause = 0, timeout = 0, rate = 0, items = 0;
  std::string events, metrics, power, cpus, user, password_file, output, label;
  std::vector<std::string> captures;
  std::string stop_when;
  bool multiplex = false, force = false, show_output = false;
  TypedTarget target;
};

void add_options(CLI::App& app, Typed& typed) {
  const auto text = [&](const char* name, std::string& value, const char* type, const char* help) {
    app.add_option(name, value, help)->type_name(type);
  };
  const auto number = [&](const char* name, double& value, const char* type, const NumberRange& range,
                          const char* help) { add_number(app, name, value, type, range, help); };
  number("-n,--tests", typed.tests, "N", {1, 1e6, true}, "how often everything is measured (11)");
  text("--stop-when", typed.stop_when, "EVENT:WIDTH%",
       "stop when its mean is known to ± WIDTH (elapsed:1%); -n: the most");
  number("--warmup", typed.warmups, "N", {0, 1e6, true}, "executions before the tests, not measured (1)");
  number("--idle", typed.idle, "SECONDS", {0, 1e6},
         "of idle power before and after (10; none without a power source)");
  number("--pause", typed.pause, "SECONDS", {0, 1e6}, "between executions (0)");
  text("-e,--events", typed.events, "LIST", "events (the study's eight and four software events)");
  text("-M,--metrics", typed.metrics, "LIST",
       "metrics: their events are counted, too (perfwatt list metrics)");
  add_target_options(app, typed.target);
  app.add_flag("--multiplex", typed.multiplex, "one pass: counters take turns and values are scaled");
  text("--power", typed.power, "SOURCE,..|none", "power sources (the best that works: perfwatt list power)");
  number("--rate", typed.rate, "HZ", {0.001, 1000}, "power readings a second (dcmi 1)");
  text("--bmc-password-file", typed.password_file, "FILE", "else PERFWATT_BMC_PASSWORD or a prompt");
  number("--items", typed.items, "N", {1e-9, 1e15}, "units of work per execution, for values per item");
  app.add_option("--capture", typed.captures, "keep the last match of a group in the command's output")
      ->type_name("NAME=REGEX")
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
  text("--cpus", typed.cpus, "LIST", "pin the command to these CPUs (0-3,8)");
  text("--user", typed.user, "NAME", "run the command as that user");
  number("--timeout", typed.timeout, "SECONDS", {1e-3, 1e9}, "that one execution may take");
  text("-o,--output", typed.output, "FILE", "the recording (perfwatt-<UTC time>.perfwatt)");
  app.add_flag("--force", typed.force, "replace the recording where it exists");
  text("--label", typed.label, "TEXT", "what this run is, for the reader");
  app.add_flag("--show-output", typed.show_output, "show what the command prints, on stderr");
}

Result<std::vector<Capture>> parse_captures(const std::vector<std::string>& texts) {
  std::vector<Capture> captures;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    if (equals == std::string::npos || name.empty() || printable(name) != name)
      return fail(Failure::input, "'" + printable(text) + "' is not NAME=REGEX", "--capture",
                  "write --capture 'acc=ACC: ([0-9.]+)'");
    const bool twice =
        std::any_of(captures.begin(), captures.end(), [&](auto& other) { return other.name == name; });
    if (twice) return fail(Failure::input, "two captures are called '" + name + "'", "--capture");
    captures.push_back({name, text.substr(equals + 1)});
  }
  return captures;
}

std::string default_output() {
  return fmt::format("perfwatt-{:%Y%m%dT%H%M%SZ}.perfwatt", fmt::gmtime(std::time(nullptr)));
}

Experiment experiment_of(const Typed& typed, std::vector<std::string> command) {
  Experiment experiment;
  experiment.command = std::move(command);
  std::error_code error;
  experiment.directory = std::filesystem::current_path(error).string();
  experiment.label = typed.label;
  experiment.tests = static_cast<int>(typed.tests);
  if (typed.tests == 0) experiment.tests = typed.stop_when.empty() ? kDefaultTests : kMostTests;
  experiment.warmups = static_cast<int>(typed.warmups);
  experiment.idle = {typed.idle};
  experiment.pause = {typed.pause};
  experiment.multiplex = typed.multiplex;
  experiment.cpus = typed.cpus;
  experiment.user = typed.user;
  if (typed.items > 0) experiment.items = typed.items;
  if (typed.timeout > 0) experiment.timeout = Seconds{typed.timeout};
  return experiment;
}

// Without a COMMAND there is one test: until the processes end.
Result<> count_until_end(const Typed& typed, const CountTarget& target, Experiment& experiment) {
  if (target.kind != CountTarget::Kind::processes)
    return fail(Failure::input, "no command to measure", "run",
                "put it after two dashes: perfwatt run [options] -- COMMAND");
  if (typed.tests > 1 || !typed.stop_when.empty())
    return fail(Failure::input, "a process ends once: without a COMMAND there is one test", "-n",
                "add -- sleep 5, and each test lasts 5 seconds");
  experiment.tests = 1;
  experiment.warmups = 0;
  experiment.command = {"(until " + target.text() + " ends)"};
  return {};
}

Result<std::vector<EventRequest>> events_of(const Typed& typed) {
  if (!typed.metrics.empty()) return events_for_metrics(Root(), typed.events, typed.metrics);
  return typed.events.empty() ? default_events() : parse_events(typed.events);
}

Result<RunOptions> check(const Typed& typed, std::vector<std::string> command) {
  Experiment experiment = experiment_of(typed, command);
  Result<CountTarget> target = check_target(typed.target, experiment);
  if (!target) return pass_on(target);
  if (command.empty()) {
    if (Result<> one = count_until_end(typed, *target, experiment); !one) return pass_on(one);
    command = command_until_end(*target);
  }
  if (Result<> found = check_program(command.front()); !found) return pass_on(found);
  auto captures = parse_captures(typed.captures);
  if (!captures) return pass_on(captures);
  auto patterns = CapturePatterns::compile(*captures);
  if (!patterns) return pass_on(patterns);
  auto events = events_of(typed);
  if (!events) return pass_on(events);
  RunOptions options{std::move(experiment),
                     std::move(*events),
                     typed.metrics,
                     !typed.events.empty() || !typed.metrics.empty(),
                     {},
                     {},
                     std::move(*target),
                     typed.password_file,
                     typed.output.empty() ? default_output() : typed.output,
                     typed.force,
                     typed.show_output,
                     {},
                     std::move(*patterns),
                     {}};
  if (!typed.stop_when.empty()) {
    Result<StopRule> rule = parse_stop(typed.stop_when, options.events);
    if (!rule) return pass_on(rule);
    if (options.experiment.tests < StopRule::kLeastTests)
      return fail(Failure::input,
                  fmt::format("--stop-when looks at {} tests at least", StopRule::kLeastTests), "-n");
    options.stop_when = std::move(*rule);
  }
  options.experiment.captures = std::move(*captures);
  options.child.command = std::move(command);
  if (!typed.power.empty()) options.power = typed.power;
  if (typed.rate > 0) options.rate = typed.rate;
  if (!typed.cpus.empty()) {
    const Result<CpuSet> cpus = parse_cpus(typed.cpus);
    if (!cpus) return pass_on(cpus);
    options.child.cpus = *cpus;
  }
  if (!typed.user.empty()) {
    const Result<UserIds> user = find_user(typed.user);
    if (!user) return pass_on(user);
    options.child.user = *user;
  }
  return options;
}

}  // namespace

ParsedRun parse_run(int argc, char** argv) {
  CLI::App app("Measures a command: tests, counters, power -> a recording and a summary", "perfwatt run");
  Typed typed;
  add_options(app, typed);
  app.footer(
      "Examples:\n"
      "  perfwatt run -- python3 hotdog.py 500 1\n"
      "  perfwatt run -n 5 -e branches,branch-misses --items 500 --capture 'acc=ACC: ([0-9.]+)' -- ./job\n"
      "  perfwatt run -M cpi-stack,gflops -- ./job\n"
      "  perfwatt run --power dcmi://admin@bmc --rate 1 --idle 30 -o night.perfwatt -- ./job\n"
      "Exit status: 0 ok, 1 measuring failed, 2 usage, 3 not possible here, 4 command failed, 130 Ctrl-C.");
  char** const end = argv + argc;
  char** const dashes =
      std::find_if(argv, end, [](const char* word) { return std::strcmp(word, "--") == 0; });
  if (const auto status = parse_options(app, static_cast<int>(dashes - argv), argv, " -- COMMAND [ARG...]"))
    return {std::nullopt, *status};
  Result<RunOptions> options = check(typed, std::vector<std::string>(std::min(dashes + 1, end), end));
  if (!options) return {std::nullopt, report_error(options.error())};
  return {std::move(*options), 0};
}

}  // namespace pw
