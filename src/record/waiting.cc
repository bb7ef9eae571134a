// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/waiting.h"

#include <signal.h>

#include <algorithm>

namespace pw {
namespace {

constexpr Nanoseconds kTick{500'000'000};

}  // namespace

Result<Woke> Waiting::wait(std::optional<Nanoseconds> until, Awaited* awaited) {
  return loop(until, awaited, true);
}

Result<Woke> Waiting::wait_on(std::optional<Nanoseconds> until, Awaited& awaited) {
  return loop(until, &awaited, false);
}

Result<Woke> Waiting::loop(std::optional<Nanoseconds> until, Awaited* awaited, bool heed_signals) {
  while (true) {
    take_signals(awaited);
    if (awaited && awaited->ended()) return Woke::ended;
    if (heed_signals && stop_signal_ != 0) return Woke::stopped;
    if (until && world_.now() >= *until) return Woke::deadline;
    if (Result<> ticked = tick_if_due(); !ticked) return pass_on(ticked);
    const Nanoseconds next = next_wake(until, awaited);
    if (world_.wait(next, awaited ? awaited->output() : -1)) awaited->read_output();
  }
}

void Waiting::take_signals(Awaited* awaited) {
  while (const std::optional<int> signal = world_.take_signal()) {
    if (*signal != SIGCHLD)
      stop_signal_ = *signal;
    else if (awaited && !awaited->ended())
      tell_change(*awaited);
  }
}

void Waiting::tell_change(Awaited& awaited) {
  awaited.child_changed(world_.now());
  if (awaited.ended()) edge();
}

void Waiting::edge() const {
  if (meanwhile_) meanwhile_->edge();
}

Result<> Waiting::tick_if_due() {
  const Nanoseconds now = world_.now();
  if (now < next_tick_) return {};
  next_tick_ = now + kTick;
  return meanwhile_ ? meanwhile_->tick() : Result<>{};
}

Nanoseconds Waiting::next_wake(std::optional<Nanoseconds> until, Awaited* awaited) const {
  Nanoseconds next = until ? std::min(*until, next_tick_) : next_tick_;
  if (!awaited) return next;
  const std::optional<Nanoseconds> due = awaited->attend(world_.now());
  return due ? std::min(next, *due) : next;
}

}  // namespace pw
