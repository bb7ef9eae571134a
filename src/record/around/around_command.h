// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <signal.h>

#include <optional>
#include <string>

#include "os/command/child.h"
#include "record/output/scanner.h"
#include "record/waiting/waiting.h"

namespace pw {

// A command of which nothing is measured, while it lasts.
class AroundCommand : public Awaited {
 public:
  // `show`: what it prints is passed on to stderr.
  AroundCommand(Child& child, bool show) : child_(child), output_(nothing_, show) {}

  bool ended() const override { return end_.has_value(); }
  void child_changed(Nanoseconds) override { end_ = child_.reap(); }
  std::optional<Nanoseconds> attend(Nanoseconds) override { return std::nullopt; }
  int output() const override { return open_ ? child_.output() : -1; }
  void read_output() override { open_ = output_.read_from(child_.output()); }
  void suspend() override { child_.signal(SIGSTOP); }
  void go_on(Nanoseconds) override { child_.signal(SIGCONT); }

  // With its last line: "failed with exit status 3: ..."; "": it did not, or has not ended.
  std::string how_failed();

 private:
  Child& child_;
  const CapturePatterns nothing_;
  OutputScanner output_;
  std::optional<ChildEnd> end_;
  bool open_ = true;
};

}  // namespace pw
