// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <optional>

#include "base/exit_status.h"
#include "job/rank/node_power.h"
#include "job/rank/rank_child.h"
#include "job/rank/rank_run.h"
#include "job/rank/rank_task.h"
#include "job/rank_file.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/spawn.h"

namespace pw {
namespace {

class WatchingRank {
 public:
  explicit WatchingRank(RankTask task) : task_(std::move(task)), file_{task_.place, {}} {
    if (task_.leads_a_node()) power_.emplace(*task_.plan.power, task_.place.node);
  }

  // perfwatt run has seen the begin when every rank has told it: then each node is being read.
  RankEnd run(Seconds length) {
    file_.begin_unix = to_nanoseconds(Seconds{wall_clock_unix_s()});
    const Nanoseconds begin = monotonic_now();
    if (power_) power_->begin(begin);
    if (power_ && !power_->reads()) file_.power = power_->idle_until(begin);  // says so before the window
    write();
    const int signal = wait_until(begin + to_nanoseconds(length));
    const Nanoseconds now = monotonic_now();
    file_.elapsed = now - begin;
    if (power_) {
      write();  // that must not be lost while power is waited for
      file_.power = power_->idle_until(now);
    }
    file_.usage.emplace().signal = signal;
    file_.usage->exit_status = shell_status(signal);
    write();
    return {signal, lost_};
  }

 private:
  // The signal that asked for the end before; 0: none did.
  int wait_until(Nanoseconds end) {
    for (Nanoseconds now = monotonic_now(); now < end; now = monotonic_now()) {
      const Nanoseconds left = end - now;
      const int number = RankChild::next_signal(power_ ? std::min(left, NodePowerWatch::kTakeEvery) : left);
      if (power_) power_->take();
      if (is_last_warning(number)) return number;
    }
    return 0;
  }

  void write() {
    const Result<> written = write_file(task_.path, rank_file_text(file_));
    lost_ = written ? "" : one_line(written.error());
  }

  const RankTask task_;
  RankFile file_;
  std::optional<NodePowerWatch> power_;  // of a node's leader
  std::string lost_;
};

}  // namespace

Result<RankEnd> watch_rank(const RankWatch& watch) {
  Result<RankTask> task = rank_task(watch.job, watch.execution);
  if (!task) return pass_on(task);
  block_signals();
  return WatchingRank(std::move(*task)).run(watch.length);
}

}  // namespace pw
