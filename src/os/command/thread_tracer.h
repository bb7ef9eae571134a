// SPDX-License-Identifier: GPL-3.0-or-later
// The birth and the end of every thread of a process and of what it starts, by ptrace(2). Between the two
// they run untouched, but for a stop at each signal that they get.
#pragma once

#include <sys/types.h>

#include <functional>
#include <set>
#include <tl/expected.hpp>

namespace pw {

class ThreadTracer {
 public:
  // Both are called while the thread is stopped.
  struct Events {
    std::function<void(pid_t thread)> born;   // before its first instruction
    std::function<void(pid_t thread)> ended;  // after its last one
  };

  // `process`: a child of ours that has one thread. The error is the errno: EPERM where ptrace is forbidden.
  static tl::expected<ThreadTracer, int> attach(pid_t process, Events events);

  ThreadTracer(ThreadTracer&& other) noexcept = default;
  ThreadTracer& operator=(ThreadTracer&&) = delete;
  ~ThreadTracer();  // lets go of what still runs

  // What wait4(2) says of a thread that has stopped.
  void stopped(pid_t thread, int status);

 private:
  explicit ThreadTracer(Events events) : events_(std::move(events)) {}
  Events events_;
  std::set<pid_t> seen_;
};

}  // namespace pw
