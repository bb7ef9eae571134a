// SPDX-License-Identifier: GPL-3.0-or-later
// Signals as readable events: blocked everywhere, read from one descriptor.
#pragma once

#include <optional>

#include "os/descriptor.h"

namespace pw {

class SignalQueue {
 public:
  // Blocks SIGINT, SIGTERM, SIGHUP and SIGCHLD in this thread and those it will start; ignores SIGPIPE and
  // SIGXFSZ, so that full pipes and files are errors that can be reported. Before any thread is started.
  SignalQueue();
  SignalQueue(const SignalQueue&) = delete;
  SignalQueue& operator=(const SignalQueue&) = delete;

  int fd() const { return fd_.fd(); }

  // The next waiting signal; nothing where none waits.
  std::optional<int> take() const;

 private:
  Descriptor fd_;
};

// In a child, before exec: every signal unblocked and back to its default.
void reset_signals();

}  // namespace pw
