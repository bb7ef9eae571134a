// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/rank/rank_run.h"

#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "counters/sets/counter_set.h"
#include "job/rank/canary.h"
#include "job/rank/node_power.h"
#include "job/rank/node_use.h"
#include "job/rank/rank_child.h"
#include "job/rank/rank_task.h"
#include "job/rank_file.h"
#include "os/clock.h"
#include "os/command/usage.h"
#include "os/file.h"
#include "os/spawn.h"

namespace pw {
namespace {

constexpr int kNotStarted = 127;  // of a shell

RankUsage usage_from(const RankChildEnd& end) {
  RankUsage usage;
  take_usage(usage, end.usage);
  usage.exit_status = shell_status(end.wait_status);
  usage.signal = WIFSIGNALED(end.wait_status) ? WTERMSIG(end.wait_status) : 0;
  return usage;
}

class MeasuredRank {
 public:
  explicit MeasuredRank(RankTask task) : task_(std::move(task)), file_{task_.place, {}} {
    if (!task_.leads_a_node()) return;
    power_.emplace(*task_.plan.power, task_.place.node);
    use_.emplace();
  }

  Result<RankEnd> run(RankChild child) {
    counters_ =
        CounterSet::open(task_.plan.plan, 1, std::array{CountPlace{child.pid(), -1, ""}}, CountFrom::exec);
    Canary canary;
    file_.begin_unix = to_nanoseconds(Seconds{wall_clock_unix_s()});
    write();
    if (use_) use_->begin();
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
      if (!is_last_warning(number)) continue;
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
    if (use_) file_.node_use = use_->until_now();
    for (Reading& reading : file_.readings)
      reading.event = task_.plan.events[static_cast<std::size_t>(reading.event)];
    for (std::size_t i = 0; i < task_.plan.events.size(); ++i)
      if (const Event& event = task_.plan.plan.events[i].event; event.status != CountStatus::ok)
        file_.readings.push_back({task_.plan.events[i], 0, {}, {}, event.status, event.reason});
  }

  void note_no_exec() {
    take(monotonic_now());
    file_.usage.emplace().exit_status = kNotStarted;
    write();
  }

  void write() {
    const Result<> written = write_file(task_.path, rank_file_text(file_));
    lost_ = written ? "" : one_line(written.error());
  }

  const RankTask task_;
  RankFile file_;
  CounterSet counters_;
  std::optional<NodePowerWatch> power_;  // of a node's leader, ...
  std::optional<NodeUseWatch> use_;      // ... likewise
  Nanoseconds begin_;
  std::string lost_;
};

}  // namespace

Result<RankEnd> run_rank(RankRequest request) {
  Result<RankTask> task = rank_task(request.job, request.execution);
  if (!task) return pass_on(task);
  Result<RankChild> child = RankChild::start(std::move(request.command));
  if (!child) return pass_on(child);
  return MeasuredRank(std::move(*task)).run(std::move(*child));
}

}  // namespace pw
