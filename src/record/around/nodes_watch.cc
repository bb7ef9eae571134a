// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/around/nodes_watch.h"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <utility>

#include "record/around/around_command.h"

namespace pw {
namespace {

// A look at the files of thousands of ranks takes time: about a tenth of it.
constexpr int kLookShare = 10;
constexpr Nanoseconds kLookAtFiles{20'000'000}, kLongestPause{500'000'000}, kLateRankFiles{2'000'000'000},
    kLongestKill{5'000'000'000};

class NodesWatch : public AroundCommand {
 public:
  NodesWatch(Child& child, RankGatherer& ranks, Nanoseconds now, const Waiting& waiting)
      : AroundCommand(child, false), ranks_(ranks), waiting_(waiting), none_yet_(now) {}

  bool ended() const override { return AroundCommand::ended() || (for_nothing_ && !asked_to_end_); }
  // Its end is seen in attend(): it is no edge of what is measured.
  void child_changed(Nanoseconds) override { changed_ = true; }

  std::optional<Nanoseconds> attend(Nanoseconds now) override {
    if (std::exchange(changed_, false)) AroundCommand::child_changed(now);
    if (ended()) return now;
    if (begun_) return std::nullopt;
    if (all_told_) {
      begun_ = now;
      return now;
    }
    if (now < next_look_) return next_look_;
    all_told_ = ranks_.look_for_begins();
    for_nothing_ = all_told_ && ranks_.no_node_reads();
    if (for_nothing_) return now;
    if (ranks_.nobody()) none_yet_ = now;
    const Nanoseconds took = waiting_.now() - now;
    next_look_ =
        now + (all_told_ ? Nanoseconds{} : std::clamp(took * kLookShare, kLookAtFiles, kLongestPause));
    return next_look_;
  }

  bool begun() const { return begun_.has_value(); }
  // No node has a sensor, which each has told at its begin.
  bool for_nothing() const { return for_nothing_; }
  void ask_to_end() { asked_to_end_ = true; }
  // From when each had begun until `now`, or until the first of them may have been through.
  std::optional<Window> window(bool before, Nanoseconds length, Nanoseconds now) const {
    const Nanoseconds end = std::min(none_yet_ + length, now);
    return begun_ && *begun_ < end ? std::optional(Window{before, *begun_, end}) : std::nullopt;
  }

 private:
  RankGatherer& ranks_;
  const Waiting& waiting_;
  Nanoseconds none_yet_;  // no rank had begun
  Nanoseconds next_look_;
  std::optional<Nanoseconds> begun_;
  bool all_told_ = false, changed_ = false, for_nothing_ = false, asked_to_end_ = false;
};

// Asks it to end, and makes it.
Result<> end_launcher(Child& child, NodesWatch& launcher, Nanoseconds grace, Waiting& waiting) {
  launcher.ask_to_end();
  child.signal(SIGTERM);
  const Result<Woke> asked = waiting.wait_on(waiting.now() + grace, launcher);
  if (!asked) return pass_on(asked);
  if (launcher.ended()) return {};
  child.signal(SIGKILL);
  const Result<Woke> killed = waiting.wait_on(waiting.now() + kLongestKill, launcher);
  return killed ? Result<>{} : pass_on(killed);
}

void take_ranks(RankGatherer& ranks, bool before, NodesIdle& idle) {
  Execution all;
  idle.places = ranks.gather(all, idle.remarks);
  for (const RankRun& run : all.ranks->ranks)
    for (const NodePower& power : run.power)
      idle.idles.push_back({before, run.place, run.begin_unix_s.value_or(0), run.elapsed, power});
}

}  // namespace

Result<bool> look_for_ends(RankGatherer& ranks, Waiting& waiting) {
  const Nanoseconds last = waiting.now() + kLateRankFiles;
  bool whole = ranks.look();
  while (!whole && waiting.stop_signal() == 0 && waiting.now() < last) {
    const Result<Woke> waited = waiting.wait(waiting.now() + kLookAtFiles);
    if (!waited) return pass_on(waited);
    whole = ranks.look();
  }
  return whole;
}

Result<NodesIdle> watch_nodes(const ChildOptions& options, RankGatherer& ranks,
                              const NodesWatchLimits& limits, Waiting& waiting) {
  Result<Child> child = Child::spawn_stopped(options);
  if (!child) return pass_on(child);
  const Result<Nanoseconds> start = child->resume();
  if (!start) return pass_on(start);
  NodesWatch launcher(*child, ranks, *start, waiting);
  const Nanoseconds length = to_nanoseconds(limits.length);
  const Nanoseconds most = *start + limits.longest_start + length + limits.longest_end;
  const Result<Woke> woke = waiting.wait(most, &launcher);
  if (!woke) return pass_on(woke);
  NodesIdle idle;
  idle.window = launcher.window(limits.before, length, waiting.now());
  if (*woke != Woke::ended || launcher.for_nothing())
    if (Result<> ended = end_launcher(*child, launcher, limits.grace, waiting); !ended) return pass_on(ended);
  idle.hung = *woke == Woke::deadline;
  if (idle.hung)
    idle.remarks.push_back(
        fmt::format("the launcher had not ended after {:.3g} s", to_seconds(most - *start).value));
  else if (const std::string how = launcher.how_failed(); !how.empty() && *woke == Woke::ended)
    idle.remarks.push_back("the launcher " + how);
  if (*woke == Woke::ended && !launcher.begun() && idle.remarks.empty() && !launcher.for_nothing())
    idle.remarks.emplace_back("not every rank began");
  if (Result<bool> looked = look_for_ends(ranks, waiting); !looked) return pass_on(looked);
  take_ranks(ranks, limits.before, idle);
  if (launcher.for_nothing()) idle.remarks.clear();  // of how its ranks were ended
  return idle;
}

}  // namespace pw
