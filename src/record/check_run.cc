// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/check_run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "counters/names/event_names.h"
#include "job/words.h"
#include "os/command/program.h"
#include "os/descriptor.h"
#include "os/root.h"
#include "record/metric_events.h"
#include "record/variants/placeholders.h"
#include "record/variants/variants.h"

namespace pw {
namespace {

constexpr int kDefaultTests = 11;
constexpr int kMostTests = 100;  // with a rule when to stop

bool has_rule(const RunRequest& request) {
  return !request.stop_when.empty() || !request.until_decided.empty();
}

Experiment experiment_of(const RunRequest& request) {
  Experiment experiment;
  experiment.command = request.command;
  std::error_code error;
  experiment.directory = std::filesystem::current_path(error).string();
  experiment.label = request.label;
  experiment.tests = request.tests.value_or(has_rule(request) ? kMostTests : kDefaultTests);
  experiment.warmups = request.warmups;
  experiment.idle = request.idle;
  experiment.pause = request.pause;
  experiment.multiplex = request.multiplex;
  experiment.cpus = request.cpus;
  experiment.user = request.user;
  experiment.timeout = request.timeout;
  return experiment;
}

Result<> take_target(const RunRequest& request, CheckedRun& run) {
  Result<CountTarget> target = check_target(request.target, run.experiment);
  if (!target) return pass_on(target);
  run.target = std::move(*target);
  run.until_signal = run.target.kind != CountTarget::Kind::command && request.tests == 1;
  return {};
}

// Without a command there is one test: until the processes end, or Ctrl-C.
Result<> count_until_end(const RunRequest& request, CheckedRun& run) {
  const bool processes = run.target.kind == CountTarget::Kind::processes;
  if (run.target.kind == CountTarget::Kind::command)
    return fail(Failure::input, "no command to measure", "run",
                "put it last: perfwatt run [options] [--] COMMAND");
  if (request.tests.value_or(1) > 1 || has_rule(request))
    return fail(Failure::input, "without a COMMAND there is one test, until Ctrl-C or the end", "-n",
                "add -- sleep 5, and each test lasts 5 seconds");
  run.experiment.tests = 1;
  run.experiment.warmups = 0;
  run.until_signal = true;
  run.experiment.command = {processes ? "(until " + run.target.text() + " ends)" : "(until Ctrl-C)"};
  run.child.command = command_until_end(run.target);
  return {};
}

// Every value in every place, before anything starts.
Result<> check_values(const RunRequest& request, const Arrangement& arrangement) {
  return with_each(arrangement, [&](const std::vector<Fact>& values) -> Result<> {
    if (auto words = filled(request.command, values); !words) return pass_on(words);
    if (auto input = filled(request.input, values); !input) return pass_on(input);
    for (const Around kind : kArounds)
      if (auto command = filled(arrangement.command(kind), values); !command) return pass_on(command);
    const auto items = items_of(arrangement.items, values);
    if (items) return {};
    Error error = items.error();
    error.where = "--items";
    return tl::unexpected(std::move(error));
  });
}

// The same of all variants, or nothing.
std::optional<double> items_of_all(const Arrangement& arrangement) {
  std::optional<double> all;
  bool same = true;
  static_cast<void>(with_each(arrangement, [&](const std::vector<Fact>& values) -> Result<> {
    const auto items = items_of(arrangement.items, values).value_or(std::nullopt);
    same = same && (!all || all == items);
    all = items;
    return {};
  }));
  return same ? all : std::nullopt;
}

// The command of a variant; of what is drawn for each test the name is left.
Result<Variant> variant_of(const RunRequest& request, const Arrangement& arrangement,
                           const std::vector<Fact>& values) {
  std::vector<Fact> all = values;
  for (const Parameter& one : arrangement.varied) all.push_back({one.name, "{" + one.name + "}"});
  auto words = filled(request.command, all);
  if (!words) return pass_on(words);
  return Variant{label_of(values), values, std::move(*words)};
}

Result<> take_variants(const RunRequest& request, CheckedRun& run) {
  auto arrangement = arrangement_of(request.arranged);
  if (!arrangement) return pass_on(arrangement);
  if (arrangement->valued() && request.command.empty())
    return fail(Failure::input, "without a COMMAND there is nothing that values would change", "-L",
                "add -- COMMAND, with {NAME} in its words");
  if (Result<> checked = check_values(request, *arrangement); !checked) return checked;
  run.experiment.items = items_of_all(*arrangement);
  run.experiment.procedure = procedure_of(*arrangement);
  if (!request.arranged.parameters.empty())
    for (const std::vector<Fact>& values : arrangement->variants) {
      auto one = variant_of(request, *arrangement, values);
      if (!one) return pass_on(one);
      run.experiment.variants.push_back(std::move(*one));
    }
  run.arrangement = std::move(*arrangement);
  return {};
}

Result<> take_command(const RunRequest& request, CheckedRun& run) {
  run.child.command = request.command;
  if (request.command.empty()) {
    if (Result<> one = count_until_end(request, run); !one) return one;
    return check_program(run.child.command.front(), run.child.user);
  }
  std::set<std::string> seen;
  return with_each(run.arrangement, [&](const std::vector<Fact>& values) -> Result<> {
    const Result<std::string> program = filled(request.command.front(), values);
    if (!program) return pass_on(program);
    return seen.insert(*program).second ? check_program(*program, run.child.user) : Result<>{};
  });
}

Result<> take_captures(const RunRequest& request, CheckedRun& run) {
  auto captures = parse_captures(request.captures);
  if (!captures) return pass_on(captures);
  auto patterns = CapturePatterns::compile(*captures);
  if (!patterns) return pass_on(patterns);
  run.captures = std::move(*patterns);
  run.experiment.captures = std::move(*captures);
  return {};
}

Result<MetricEvents> events_of(const RunRequest& request) {
  if (!request.metrics.empty()) return events_for_metrics(Root(), request.events, request.metrics);
  if (request.events.empty()) return MetricEvents{default_events(), ""};
  auto parsed = parse_events(request.events);
  if (!parsed) return pass_on(parsed);
  return MetricEvents{std::move(*parsed), ""};
}

Result<> take_events(const RunRequest& request, CheckedRun& run) {
  auto events = events_of(request);
  if (!events) return pass_on(events);
  run.events = std::move(events->requests);
  run.events_named = !request.events.empty() || !request.metrics.empty();
  if (!events->warning.empty()) run.warnings.push_back(std::move(events->warning));
  return {};
}

// --until-decided compares what takes turns.
Result<> check_turns(const CheckedRun& run) {
  if (run.experiment.variants.size() < 2)
    return fail(Failure::input, "there are no two variants to decide between", kUntilDecided.name,
                "add -L NAME=A,B with {NAME} in the command");
  if (run.arrangement.order == Order::blocked)
    return fail(Failure::input, "blocked variants have no tests that ran in turn", kUntilDecided.name,
                "leave --order blocked out");
  return {};
}

Result<> take_stop_rule(const RunRequest& request, CheckedRun& run) {
  if (!has_rule(request)) return {};
  const bool variants = request.stop_when.empty();
  if (!variants && !request.until_decided.empty())
    return fail(Failure::input, "two rules when to stop", kUntilDecided.name, "leave --stop-when out");
  if (variants)
    if (Result<> turns = check_turns(run); !turns) return turns;
  const std::string& text = variants ? request.until_decided : request.stop_when;
  const StopOption& option = variants ? kUntilDecided : kStopWhen;
  Result<StopRule> rule = parse_stop(text, run.events, option);
  if (!rule) return pass_on(rule);
  if (run.experiment.tests < StopRule::kLeastTests)
    return fail(Failure::input,
                fmt::format("{} looks at {} tests at least", option.name, StopRule::kLeastTests), "-n",
                fmt::format("-n {} or more: it is the most that it takes", StopRule::kLeastTests));
  run.experiment.procedure.push_back({option.name + 2, text});
  run.stop_when = std::move(*rule);
  return {};
}

Result<> take_cpus(const RunRequest& request, CheckedRun& run) {
  if (request.cpus.empty()) return {};
  const Result<CpuSet> cpus = parse_cpus(request.cpus);
  if (!cpus) return pass_on(cpus);
  run.child.cpus = *cpus;
  return {};
}

Result<> take_user(const RunRequest& request, CheckedRun& run) {
  if (request.user.empty()) return {};
  const Result<UserIds> user = find_user(request.user);
  if (!user) return pass_on(user);
  run.child.user = *user;
  return {};
}

Result<> take_input(const RunRequest& request, CheckedRun& run) {
  run.child.input = request.input;
  if (request.input.empty()) return {};
  if (request.input == "-") {
    const off_t at = ::lseek(STDIN_FILENO, 0, SEEK_CUR);
    if (at >= 0) run.child.input_at = at;
    if (at < 0 && !::isatty(STDIN_FILENO) && run.experiment.tests + run.experiment.warmups > 1)
      run.warnings.push_back("--input -: what comes through a pipe is read once, by the first execution");
    return {};
  }
  return with_each(run.arrangement, [&](const std::vector<Fact>& values) -> Result<> {
    const Result<std::string> path = filled(request.input, values);
    if (!path) return pass_on(path);
    const Descriptor file(::open(path->c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    return file ? Result<>{}
                : fail_errno(Failure::input, "it cannot be read", errno, "--input " + *path,
                             "name a file that is there, or - for perfwatt's own standard input");
  });
}

// Only of the command itself.
Result<> take_regions(const RunRequest& request, CheckedRun& run) {
  Result<AskedRegions> choice = parse_asked_regions(request.regions);
  if (!choice) return pass_on(choice);
  const auto scope =
      request.region_scope.empty() ? RegionScope::process : region_scope_from(request.region_scope);
  if (!scope)
    return fail(Failure::input, "there is no '" + request.region_scope + "'", "--region-scope",
                "it is one of: process, thread, team, none");
  if (run.target.kind != CountTarget::Kind::command) return {};
  run.regions = std::move(*choice);
  if (run.regions.marks) run.region_scope = *scope;
  run.warnings.insert(run.warnings.end(), run.regions.left_out.begin(), run.regions.left_out.end());
  return {};
}

// What is counted in other ways than by its ranks.
const char* not_of_a_job(const CheckedRun& run) {
  if (run.target.kind != CountTarget::Kind::command) return "-p, -a, -C";
  if (!run.experiment.per.empty()) return "--per";
  if (run.experiment.interval) return "--interval";
  return run.experiment.delay ? "--delay" : nullptr;
}

Result<> take_job(const RunRequest& request, CheckedRun& run) {
  if (!is_job(request.command)) {
    if (request.job_dir.empty()) return {};
    return fail(Failure::input, "no word of the command is perfwatt rank", "--job-dir",
                "mpirun -n 8 perfwatt rank -- COMMAND");
  }
  if (const char* const option = not_of_a_job(run))
    return fail(Failure::input, "the ranks of a job count themselves", option, "leave it out");
  if (Result<> allocated = check_allocation(request.command, own_variable); !allocated) return allocated;
  if (!request.regions.empty() && run.regions.marks)
    run.warnings.push_back("--regions: regions of the ranks of a job are not recorded yet");
  run.regions = {false, {}, {}};
  run.region_scope = RegionScope::none;
  run.job = request.job_dir.empty() ? request.beside : request.job_dir;
  return {};
}

// In this order: the first refusal is the one that is told.
constexpr auto kSteps = {take_target,    take_user, take_variants, take_command, take_captures, take_events,
                         take_stop_rule, take_cpus, take_input,    take_regions, take_job};

}  // namespace

Result<CheckedRun> check_run(const RunRequest& request) {
  CheckedRun run;
  run.experiment = experiment_of(request);
  run.show_output = request.show_output;
  run.power = request.power;
  for (const auto step : kSteps)
    if (Result<> taken = step(request, run); !taken) return pass_on(taken);
  return run;
}

}  // namespace pw
