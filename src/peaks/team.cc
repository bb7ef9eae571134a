// SPDX-License-Identifier: GPL-3.0-or-later
#include "peaks/team.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>

#include "base/text.h"
#include "os/clock.h"
#include "os/cpu_set.h"

namespace pw {
namespace {

constexpr std::int64_t kMostRounds = std::int64_t{1} << 50;

// What is measured has no more digits.
double rounded(double rate) { return parse_number(fmt::format("{:.6g}", rate)).value_or(rate); }

Seconds since(Nanoseconds time) { return to_seconds(monotonic_now() - time); }

// What a thread saw of each repetition.
struct Stretch {
  Nanoseconds begin, end;
};

// Where all wait for each other. Nobody sleeps there, so that all go on within some hundred nanoseconds.
class Together {
 public:
  explicit Together(std::size_t threads) : threads_(threads) {}

  void wait() {
    const std::size_t turn = turn_;
    if (++arrived_ == threads_) {
      arrived_ = 0;
      ++turn_;
    }
    for (int tries = 1; turn_ == turn; ++tries)
      if (tries % 1000 == 0) std::this_thread::yield();
  }

 private:
  std::size_t threads_;
  std::atomic<std::size_t> arrived_ = 0, turn_ = 0;
};

class Team {
 public:
  Team(std::size_t threads, const MakeRounds& make, const TeamTime& time)
      : make_(make), time_(time), together_(threads), seen_(threads) {}

  // `cpu`: below 0: anywhere.
  void run(std::size_t thread, int cpu) {
    if (cpu >= 0)
      if (const int error = CpuSet({cpu}).pin_this_thread(); error != 0) failed_ = error;
    const Rounds rounds = make_(thread);
    rounds(1);
    if (thread == 0) rounds_ = enough(rounds);
    together_.wait();
    const Nanoseconds start = monotonic_now();
    for (int done = 0;; ++done) {
      if (thread == 0) more_ = done < time_.fewest || (done < time_.most && since(start) < time_.all);
      together_.wait();
      if (!more_) return;
      const Nanoseconds begin = monotonic_now();
      rounds(rounds_);
      seen_[thread].push_back({begin, monotonic_now()});
      together_.wait();
    }
  }

  int failed() const { return failed_; }

  std::vector<double> rates(double per_round) const {
    std::vector<double> rates;
    for (std::size_t i = 0; i < seen_[0].size(); ++i) {
      Stretch all = seen_[0][i];
      for (const auto& one : seen_) {
        all.begin = std::min(all.begin, one[i].begin);
        all.end = std::max(all.end, one[i].end);
      }
      rates.push_back(rounded(per_round * static_cast<double>(rounds_) * static_cast<double>(seen_.size()) /
                              std::max(to_seconds(all.end - all.begin).value, 1e-9)));
    }
    return rates;
  }

 private:
  std::int64_t enough(const Rounds& rounds) const {
    for (std::int64_t count = 1;; count *= 2) {
      const Nanoseconds begin = monotonic_now();
      rounds(count);
      if (since(begin) >= time_.each || count >= kMostRounds) return count;
    }
  }

  const MakeRounds& make_;
  TeamTime time_;
  Together together_;
  std::vector<std::vector<Stretch>> seen_;  // by thread
  std::int64_t rounds_ = 1;
  bool more_ = true;
  std::atomic<int> failed_ = 0;
};

}  // namespace

Result<std::vector<double>> run_team(const std::vector<int>& cpus, bool pinned, double per_round,
                                     const MakeRounds& make, const TeamTime& time) {
  Team team(cpus.size(), make, time);
  std::vector<std::thread> threads;
  std::atomic<bool> go = false, off = false;
  const auto body = [&](std::size_t i) {
    go.wait(false);
    if (!off) team.run(i, pinned ? cpus[i] : -1);
  };
  try {
    for (std::size_t i = 0; i < cpus.size(); ++i) threads.emplace_back(body, i);
  } catch (const std::system_error&) {
    off = true;
  }
  go = true;
  go.notify_all();
  for (std::thread& one : threads) one.join();
  if (off) return fail(Failure::not_possible, "too many threads: " + std::to_string(cpus.size()));
  if (team.failed() != 0)
    return fail_errno(Failure::not_possible, "a thread could not be put on its CPU", team.failed());
  return team.rates(per_round);
}

}  // namespace pw
