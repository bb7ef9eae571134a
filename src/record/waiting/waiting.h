// SPDX-License-Identifier: GPL-3.0-or-later
// The one loop in which a recorder's time passes: idle windows, pauses, executions.
#pragma once

#include <optional>

#include "base/result.h"
#include "base/units.h"
#include "record/waiting/world.h"

namespace pw {

// What is done whatever is waited for.
class Meanwhile {
 public:
  virtual ~Meanwhile() = default;
  // About twice a second.
  virtual Result<> tick() = 0;
  // What is measured begins or ends now, and must not wait for this.
  virtual void edge() {}
};

// What is waited for besides time: an execution.
class Awaited {
 public:
  virtual ~Awaited() = default;
  virtual bool ended() const = 0;
  // A child of ours has ended or stopped.
  virtual void child_changed(Nanoseconds now) = 0;
  // Does what is due; the next time that something is.
  virtual std::optional<Nanoseconds> attend(Nanoseconds now) = 0;
  virtual int output() const = 0;  // the descriptor to read from, -1: none
  virtual void read_output() = 0;
  virtual int event() const { return -1; }  // the descriptor that is readable when something is due
  // Ctrl-Z: it stands still, and goes on after that time.
  virtual void suspend() = 0;
  virtual void go_on(Nanoseconds suspended) = 0;
};

enum class Woke { deadline, ended, stopped };

class Waiting {
 public:
  // `meanwhile` may be null.
  explicit Waiting(World& world, Meanwhile* meanwhile = nullptr) : world_(world), meanwhile_(meanwhile) {}

  // Until the time (nothing: for ever), the end of what is awaited (null: nothing is) or a signal that asks
  // for the end, whichever is first. SIGTSTP stops what is awaited and this process until they are continued;
  // the time is then that much later. Errors: those of Meanwhile.
  Result<Woke> wait(std::optional<Nanoseconds> until, Awaited* awaited = nullptr);
  // The same, but for signals that came before.
  Result<Woke> wait_on(std::optional<Nanoseconds> until, Awaited& awaited);

  Nanoseconds now() const { return world_.now(); }
  // Meanwhile::edge(), which the end of an Awaited is by itself.
  void edge() const;
  // The last SIGINT, SIGTERM or SIGHUP; 0: none came.
  int stop_signal() const { return stop_signal_; }
  // How long after its time the latest wake came, since `wait` was called last: for so long this process was
  // stopped, or had no CPU.
  Nanoseconds latest_wake() const { return latest_wake_; }

 private:
  Result<Woke> loop(std::optional<Nanoseconds> until, Awaited* awaited);
  Nanoseconds take_signals(Awaited* awaited);  // for how long this process was stopped
  Nanoseconds stand_still(Awaited* awaited);
  void tell_change(Awaited& awaited);
  Result<> tick_if_due();
  Nanoseconds next_wake(std::optional<Nanoseconds> until, Awaited* awaited) const;

  World& world_;
  Meanwhile* meanwhile_;
  Nanoseconds next_tick_;
  Nanoseconds latest_wake_;
  int stop_signal_ = 0;
  bool stop_ = false;  // a signal came that the present wait heeds
};

}  // namespace pw
