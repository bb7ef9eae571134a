// SPDX-License-Identifier: GPL-3.0-or-later
// Signals as readable events: blocked everywhere, read from one descriptor.
#pragma once

#include <optional>

#include "os/descriptor.h"

namespace pw {

class SignalQueue {
 public:
  // Blocks SIGINT, SIGTERM, SIGHUP, SIGTSTP and SIGCHLD in this thread and those it will start; ignores
  // SIGPIPE and SIGXFSZ, so that full pipes and files are errors that can be reported. Before any thread is
  // started. A SIGHUP or SIGTSTP that was ignored when this program started stays ignored.
  SignalQueue();
  SignalQueue(const SignalQueue&) = delete;
  SignalQueue& operator=(const SignalQueue&) = delete;

  int fd() const { return fd_.fd(); }

  // The next waiting signal; nothing where none waits. Where SIGINT was ignored when this program started (a
  // shell's background job), a terminal's is passed over, and one that a process sends is not.
  std::optional<int> take() const;

 private:
  Descriptor fd_;
};

// Whether this program was started with that signal ignored, as by nohup.
bool ignored_at_start(int number);

// SIGXFSZ ignored: a file at its limit (ulimit -f) is an error that can be reported.
void full_files_are_errors();

// SIGCHLD at its default, though the caller may have ignored it: nobody could wait for a child then.
void hear_of_children();

// In a child, before exec: each signal ignored or at its default and blocked or not as it was when this
// program started. Async-signal-safe.
void restore_signals();

}  // namespace pw
