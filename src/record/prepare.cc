// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/prepare.h"

#include <optional>
#include <utility>

#include "job/lines.h"
#include "job/placement.h"
#include "machine/machine.h"
#include "os/command/open_files.h"
#include "power/open/sources.h"
#include "record/executor.h"
#include "record/feed.h"
#include "record/header.h"
#include "record/marks/mark_counting.h"
#include "record/waiting/world.h"

namespace pw {
namespace {

// A thread, a process or a CPU may take a descriptor an event.
bool many_counters(const CountTarget& target) {
  return target.kind != CountTarget::Kind::command || target.threads_of_command();
}

RecordingHeader header_of(const Experiment& experiment, const Counting& counting) {
  RecordingHeader header = header_now(experiment);
  header.environment = speed_environment();
  add_counting(header, counting);
  return header;
}

Session session_of(CheckedRun run, Counting counting) {
  RecordingHeader header = header_of(run.experiment, counting);
  counting.plan.read_by_marks = run.region_scope == RegionScope::process;
  if (run.regions.marks) header.mark_cost = price_of_mark(run.region_scope, counting.plan);
  if (run.region_scope != RegionScope::none) header.region_scope = to_text(run.region_scope);
  return {std::move(header),        std::move(counting.plan),
          std::move(run.target),    std::move(run.captures),
          std::move(run.child),     run.show_output,
          run.until_signal,         {},
          std::move(run.stop_when), std::move(run.arrangement),
          std::move(run.regions),   run.region_scope};
}

constexpr Nanoseconds kGrace{2'000'000'000};
// Of a launcher, which ends its ranks first: Slurm's KillWait is 30 s.
constexpr Nanoseconds kGraceOfJob{35'000'000'000};

Result<> make_job_folder(const std::string& base, PreparedRun& run) {
  if (base.empty()) return {};
  Result<JobFolder> folder = JobFolder::make(base, run.session.child.user);
  if (!folder) return pass_on(folder);
  run.job = std::make_unique<JobFolder>(std::move(*folder));
  run.session.job = true;
  return {};
}

// The leaders of nodes read what is asked for here.
std::optional<RankPower> power_of_ranks(const PowerRequest& request) {
  if (request.sources == "none") return std::nullopt;
  return RankPower{request.sources.value_or(""), request.rate_hz, node_name(own_variable), host_name()};
}

Result<> settle_stop_rule(Session& session) {
  if (!session.stop_when) return {};
  Result<StopRule> rule = resolve_stop(*session.stop_when, session.header.events);
  if (!rule) return pass_on(rule);
  session.stop_when = std::move(*rule);
  return {};
}

void start_sampling(PreparedRun& run, OpenedPower power) {
  RecordingHeader& header = run.session.header;
  for (const std::string& refusal : power.refusals)
    run.session.notes.push_back({NoteKind::refusal, header.start, refusal});
  if (power.readers.empty()) {
    if (!run.session.rank_power) header.experiment.idle = {};
    return;
  }
  run.sampler = std::make_unique<Sampler>(std::move(power.readers));
  add_power(header, *run.sampler);
}

}  // namespace

Result<PreparedRun> prepare_run(CheckedRun run, Counting counting) {
  Result<OpenedPower> power = open_power(run.power);
  if (!power) return pass_on(power);
  auto signals = std::make_unique<SignalQueue>();  // not before: a prompt for a password heeds Ctrl-C
  const std::string job = run.job;
  if (many_counters(run.target) || by_threads(run.region_scope)) raise_open_files();
  const auto rank_power = job.empty() ? std::nullopt : power_of_ranks(run.power);
  PreparedRun prepared{session_of(std::move(run), std::move(counting)), std::move(signals), nullptr, nullptr};
  if (Result<> settled = settle_stop_rule(prepared.session); !settled) return pass_on(settled);
  if (Result<> made = make_job_folder(job, prepared); !made) return pass_on(made);
  if (!rank_power || fits_a_line(rank_power->sources))
    prepared.session.rank_power = rank_power;
  else
    prepared.session.notes.push_back(
        {NoteKind::refusal, prepared.session.header.start,
         "the nodes of the job do not read their power: --power has a control character or is too long"});
  start_sampling(prepared, std::move(*power));
  return prepared;
}

Result<Outcome> record(const PreparedRun& run, Sink& sink, Observer& observer) {
  SystemWorld world(*run.signals);
  CommandExecutor executor(run.session, run.job ? kGraceOfJob : kGrace, run.job.get());
  std::optional<SamplerFeed> feed;
  if (run.sampler) feed.emplace(*run.sampler);
  Result<Outcome> outcome =
      Recorder(run.session, {world, executor, feed ? &*feed : nullptr, sink, observer}).run();
  if (run.job && outcome) run.job->end();
  return outcome;
}

}  // namespace pw
