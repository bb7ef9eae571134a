// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/rank/rank_run.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <optional>
#include <utility>

#include "counters/sets/counter_set.h"
#include "job/job_folder.h"
#include "job/launcher.h"
#include "job/placement.h"
#include "job/rank/canary.h"
#include "job/rank/node_power.h"
#include "job/rank/rank_child.h"
#include "job/rank_file.h"
#include "job/rank_plan.h"
#include "os/clock.h"
#include "os/command/usage.h"
#include "os/file.h"
#include "os/spawn.h"

namespace pw {
namespace fs = std::filesystem;
namespace {

// What is likely to end the command soon, and may be followed by SIGKILL.
constexpr std::array kLastWarnings = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGXCPU, SIGUSR1, SIGUSR2};

constexpr int kNotStarted = 127;  // of a shell

RankUsage usage_from(const RankChildEnd& end) {
  RankUsage usage;
  take_usage(usage, end.usage);
  usage.exit_status = shell_status(end.wait_status);
  usage.signal = WIFSIGNALED(end.wait_status) ? WTERMSIG(end.wait_status) : 0;
  return usage;
}

Result<RankPlan> plan_of(const fs::path& folder) {
  const fs::path path = plan_path(folder);
  const Result<std::string> text = read_kernel_file(path);
  if (text) return parse_rank_plan(*text, Root(), path.string());
  return fail(Failure::input, "the job's folder cannot be read here: " + text.error().what, path.string(),
              "put it on a disk that every node sees: perfwatt run --job-dir DIR");
}

Result<RankPlace> own_place() {
  std::optional<RankPlace> place = launched_as(own_variable);
  if (!place)
    return fail(Failure::input, "no launcher says which rank this is", "rank",
                "start it by a launcher that is known: " + known_launchers());
  add_placement(*place, own_variable, Root());
  return std::move(*place);
}

class MeasuredRank {
 public:
  MeasuredRank(fs::path path, RankPlace place, RankPlan plan)
      : path_(std::move(path)), plan_(std::move(plan)), file_{std::move(place), {}} {
    if (plan_.power && file_.place.local_rank == 0) power_.emplace(*plan_.power, file_.place.node);
  }

  Result<RankEnd> run(RankChild child) {
    counters_ = CounterSet::open(plan_.plan, 1, std::array{CountPlace{child.pid(), -1, ""}}, CountFrom::exec);
    Canary canary;
    file_.begin_unix = to_nanoseconds(Seconds{wall_clock_unix_s()});
    write();
    begin_ = monotonic_now();
    if (power_) power_->begin(begin_);
    counters_.start();
    if (Result<> gone = child.go(); !gone) {
      note_no_exec();
      return pass_on(gone);
    }
    RankEnd end;
    end.wait_status = wait_for(child, canary);
    end.lost = lost_;
    return end;
  }

 private:
  int wait_for(RankChild& child, Canary& canary) {
    while (true) {
      const int number =
          RankChild::next_signal(power_ ? std::optional(NodePowerWatch::kTakeEvery) : std::nullopt);
      if (power_) power_->take();
      if (number == 0) continue;
      const Nanoseconds now = monotonic_now();
      const auto end = child.reap();
      if (end) {
        take(now);
        file_.usage = usage_from(*end);
        tell(now);
        return end->wait_status;
      }
      if (number == SIGCHLD) continue;
      if (!canary.had(number)) ::kill(child.pid(), number);
      if (std::ranges::count(kLastWarnings, number) == 0) continue;
      take(now);
      tell(now);
    }
  }

  // Power is waited for a little: what must not be lost is written before.
  void tell(Nanoseconds now) {
    write();
    if (!power_) return;
    file_.power = power_->until(now);
    write();
  }

  void take(Nanoseconds now) {
    file_.elapsed = now - begin_;
    file_.readings = counters_.read();
    for (Reading& reading : file_.readings)
      reading.event = plan_.events[static_cast<std::size_t>(reading.event)];
    for (std::size_t i = 0; i < plan_.events.size(); ++i)
      if (const Event& event = plan_.plan.events[i].event; event.status != CountStatus::ok)
        file_.readings.push_back({plan_.events[i], 0, {}, {}, event.status, event.reason});
  }

  void note_no_exec() {
    take(monotonic_now());
    file_.usage.emplace().exit_status = kNotStarted;
    write();
  }

  void write() {
    const Result<> written = write_file(path_, rank_file_text(file_));
    lost_ = written ? "" : one_line(written.error());
  }

  fs::path path_;
  RankPlan plan_;
  RankFile file_;
  CounterSet counters_;
  std::optional<NodePowerWatch> power_;  // of a node's leader
  Nanoseconds begin_;
  std::string lost_;
};

}  // namespace

Result<RankEnd> run_rank(RankRequest request) {
  const fs::path folder = execution_folder(request.job, request.execution);
  Result<RankPlan> plan = plan_of(folder);
  if (!plan) return pass_on(plan);
  Result<RankPlace> place = own_place();
  if (!place) return pass_on(place);
  fs::path path = rank_path(folder, place->rank);
  std::error_code error;
  if (fs::exists(path, error))
    return fail(Failure::input, fmt::format("rank {} of this execution has begun before", place->rank),
                "rank", "start one launcher a command: each execution has each rank once");
  Result<RankChild> child = RankChild::start(std::move(request.command));
  if (!child) return pass_on(child);
  return MeasuredRank(std::move(path), std::move(*place), std::move(*plan)).run(std::move(*child));
}

}  // namespace pw
