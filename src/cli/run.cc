// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/common.h"
#include "cli/explain.h"
#include "cli/progress.h"
#include "cli/run_options.h"
#include "cli/stop_option.h"
#include "counters/sets/floor.h"
#include "counters/plan/plan.h"
#include "machine/machine.h"
#include "os/clock.h"
#include "os/open_files.h"
#include "power/open/sources.h"
#include "power/sampling/sampler.h"
#include "record/recorder.h"
#include "store/recorder_sink.h"

namespace pw {
namespace {

Result<CountingPlan> plan_counting(const RunOptions& options) {
  const Root root;
  KernelOpener opener(options.target.trial());
  CountingPlan plan = plan_passes(resolve_events(options.events, opener, root, counting_limits(root)),
                                  options.experiment.multiplex, opener);
  if (!plan.impossible_group.empty())
    return fail(Failure::not_possible, plan.impossible_group, "-e",
                "without the braces they are counted in passes of their own");
  const bool nothing = std::none_of(plan.events.begin(), plan.events.end(), [](const ResolvedEvent& one) {
    return one.event.status == CountStatus::ok;
  });
  if (nothing && options.events_named)
    return fail(Failure::not_possible,
                "none of these events can be counted here: " + plan.events.front().event.label() + ": " +
                    plan.events.front().event.reason,
                "-e", "perfwatt doctor says what would allow it");
  if (plan.passes.size() > 1 && options.target.kind == CountTarget::Kind::processes &&
      options.experiment.tests == 1 && options.experiment.command.size() == 1 &&
      options.child.command.size() > 1)
    return fail(Failure::not_possible,
                fmt::format("these events need {} passes, and a process ends once", plan.passes.size()), "-p",
                "name fewer events, take --multiplex, or add a COMMAND such as -- sleep 5");
  return plan;
}

RecordingHeader make_header(const RunOptions& options, const CountingPlan& plan, const CountingFloor& floor) {
  RecordingHeader header;
  header.version = PERFWATT_VERSION;
  header.experiment = options.experiment;
  header.machine = describe_machine(Root());
  header.counting_cost = CountingCost{floor.region, floor.read};
  header.environment = speed_environment();
  header.start = monotonic_now();
  header.start_unix_s = wall_clock_unix_s();
  for (const ResolvedEvent& resolved : plan.events) header.events.push_back(resolved.event);
  header.passes = plan.passes;
  return header;
}

void announce(const Session& session) {
  const Experiment& experiment = session.header.experiment;
  const std::size_t passes = session.counting.passes.size();
  fmt::print(stderr, "measuring {}{} test{} x {} pass{}{} of: {}\n", session.stop_when ? "up to " : "",
             experiment.tests, experiment.tests == 1 ? "" : "s", passes, passes == 1 ? "" : "es",
             experiment.warmups > 0 ? fmt::format(", after {} warm-up", experiment.warmups) : "",
             printable(join(experiment.command, " ")));
  if (session.stop_when)
    fmt::print(stderr, "until the 95 % interval of {} is ± {:.4g} %, from {} tests on\n",
               session.stop_when->name, 100 * session.stop_when->width, StopRule::kLeastTests);
  for (std::size_t i = 1; i < passes; ++i)
    fmt::print(stderr, "pass {}: {}\n", i + 1, session.header.passes[i].reason);
  for (const PowerSource& source : session.header.sources)
    fmt::print(stderr, "power from {} {}{}, {} a second\n", source.name, source.address,
               source.simulated ? " (SIMULATED)" : "", exact_number(source.rate_hz));
}

void note_refusals(Session& session, const OpenedPower& power) {
  for (const std::string& refusal : power.refusals)
    session.notes.push_back({NoteKind::refusal, session.header.start, refusal});
}

// The exit status of a run that was recorded.
int status_of(const Outcome& outcome) {
  if (outcome.ending == Ending::stopped) return kCtrlC;
  return outcome.failed ? static_cast<int>(Failure::command) : 0;
}

int record_and_show(const RunOptions& options, Session& session, Sampler* sampler, const SignalQueue& signals,
                    Sink& sink) {
  announce(session);
  const bool simulated = std::any_of(session.header.sources.begin(), session.header.sources.end(),
                                     [](const PowerSource& source) { return source.simulated; });
  Result<Outcome> outcome;
  {
    ProgressLine progress(options.experiment, static_cast<int>(session.counting.passes.size()), simulated);
    outcome = Recorder(session, sampler, signals, sink, progress).run();
  }
  if (!outcome) {
    const int status = report_error(outcome.error());
    std::error_code error;
    if (std::filesystem::exists(options.output, error))
      fmt::print(stderr, "what was measured before is in {}\n", options.output);
    return status;
  }
  if (outcome->stopped_in_warmup) {
    const std::string how = outcome->failed->timed_out
                                ? "timed out"
                                : fmt::format("failed with exit status {}", outcome->failed->exit_status);
    return report_error({Failure::command, "the command " + how + " in the warm-up: no test was run",
                         options.experiment.command.front(), "run it by hand, or see --show-output"});
  }
  const Result<Explained> explained = explain(options.output);
  if (!explained) return report_error(explained.error());
  print_summary(*explained);
  if (!options.metrics.empty()) {
    fmt::print("\n");
    if (const Result<> printed = print_metrics(explained->recording, options.metrics); !printed)
      return report_error(printed.error());
  }
  fmt::print("recording: {}\n", options.output);
  if (outcome->failed && outcome->ending == Ending::complete)
    return report_error({Failure::command,
                         "the command failed in at least one test, which the statistics leave out",
                         options.experiment.command.front(), "perfwatt show has each failure"});
  return status_of(*outcome);
}

}  // namespace

int run_command(int argc, char** argv) {
  ParsedRun parsed = parse_run(argc, argv);
  if (!parsed.options) return parsed.status;
  RunOptions& options = *parsed.options;
  Result<CountingPlan> plan = plan_counting(options);
  if (!plan) return report_error(plan.error());
  const CountingFloor floor = note_floor(*plan);
  auto sink = SqliteSink::create(options.output, options.force);
  if (!sink) return report_error(sink.error());
  Result<OpenedPower> power = open_power({options.power, options.rate, options.password_file});
  if (!power) return report_error(power.error());

  const SignalQueue signals;
  if (options.target.kind != CountTarget::Kind::command || options.target.threads_of_command())
    raise_open_files();
  Session session{make_header(options, *plan, floor),
                  std::move(*plan),
                  options.target,
                  std::move(options.captures),
                  options.child,
                  options.show_output,
                  {},
                  {}};
  if (options.stop_when) {
    Result<StopRule> rule = resolve_stop(*options.stop_when, session.header.events);
    if (!rule) return report_error(rule.error());
    session.stop_when = std::move(*rule);
  }
  note_refusals(session, *power);
  std::unique_ptr<Sampler> sampler;
  if (!power->readers.empty()) {
    sampler = std::make_unique<Sampler>(std::move(power->readers));
    session.header.sources = sampler->sources();
    session.header.channels = sampler->channels();
  } else {
    session.header.experiment.idle = {};
  }
  return record_and_show(options, session, sampler.get(), signals, **sink);
}

}  // namespace pw
