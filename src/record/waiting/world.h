// SPDX-License-Identifier: GPL-3.0-or-later
// Time and signals as the recorder sees them. An interface, so that tests need neither.
#pragma once

#include <optional>

#include "base/units.h"
#include "os/signals.h"

namespace pw {

class World {
 public:
  virtual ~World() = default;

  virtual Nanoseconds now() = 0;  // CLOCK_MONOTONIC

  // The next of SIGINT, SIGTERM, SIGHUP, SIGTSTP and SIGCHLD that waits; nothing: none does.
  virtual std::optional<int> take_signal() = 0;

  // Until that time (a minute at most), until a signal waits, or until there is something to read from the
  // descriptor `output` or `other` (-1: none). True: `output` has something to read, or its other end is
  // closed.
  virtual bool wait(Nanoseconds until, int output, int other) = 0;

  // This process stops as by SIGSTOP, until it is continued.
  virtual void stop_here() = 0;
};

class SystemWorld : public World {
 public:
  explicit SystemWorld(const SignalQueue& signals) : signals_(signals) {}
  Nanoseconds now() override;
  std::optional<int> take_signal() override { return signals_.take(); }
  bool wait(Nanoseconds until, int output, int other) override;
  void stop_here() override;

 private:
  const SignalQueue& signals_;
};

}  // namespace pw
