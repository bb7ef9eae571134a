// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/waiting/waiting.h"

#include <signal.h>

#include <algorithm>

namespace pw {
namespace {

constexpr Nanoseconds kTick{500'000'000};

}  // namespace

Result<Woke> Waiting::wait(std::optional<Nanoseconds> until, Awaited* awaited) {
  latest_wake_ = {};
  stop_ = stop_signal_ != 0;
  return loop(until, awaited);
}

Result<Woke> Waiting::wait_on(std::optional<Nanoseconds> until, Awaited& awaited) {
  stop_ = false;
  return loop(until, &awaited);
}

Result<Woke> Waiting::loop(std::optional<Nanoseconds> until, Awaited* awaited) {
  while (true) {
    const Nanoseconds suspended = take_signals(awaited);
    if (until) *until += suspended;
    if (awaited && awaited->ended()) return Woke::ended;
    if (stop_) return Woke::stopped;
    if (until && world_.now() >= *until) return Woke::deadline;
    if (Result<> ticked = tick_if_due(); !ticked) return pass_on(ticked);
    const Nanoseconds next = next_wake(until, awaited);
    if (world_.wait(next, awaited ? awaited->output() : -1, awaited ? awaited->event() : -1))
      awaited->read_output();
    latest_wake_ = std::max(latest_wake_, world_.now() - next);
  }
}

Nanoseconds Waiting::take_signals(Awaited* awaited) {
  Nanoseconds suspended;
  while (const std::optional<int> signal = world_.take_signal()) {
    if (*signal == SIGTSTP)
      suspended += stand_still(awaited);
    else if (*signal != SIGCHLD)
      stop_signal_ = *signal, stop_ = true;
    else if (awaited && !awaited->ended())
      tell_change(*awaited);
  }
  return suspended;
}

Nanoseconds Waiting::stand_still(Awaited* awaited) {
  if (awaited) awaited->suspend();
  const Nanoseconds begin = world_.now();
  world_.stop_here();
  const Nanoseconds suspended = world_.now() - begin;
  if (awaited) awaited->go_on(suspended);
  return suspended;
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
