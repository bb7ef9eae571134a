// SPDX-License-Identifier: GPL-3.0-or-later
// The measured command: started stopped, let go, ended with all that it started, reaped.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "os/command/starter.h"
#include "os/command/user.h"
#include "os/cpu_set.h"
#include "os/descriptor.h"

namespace pw {

class ThreadTracer;

struct ChildOptions {
  std::vector<std::string> command;
  std::optional<CpuSet> cpus;
  std::optional<UserIds> user;
  std::vector<std::string> variables;  // "NAME=value", of its environment besides ours
  std::string input;                   // a file; "-": our standard input; "": /dev/null
  Handed handed{};
  std::optional<off_t> input_at;  // where our standard input stands, of a file: each command reads from there
};

struct ChildEnd {
  int exit_status = 0;  // as a shell has it
  int signal = 0;       // that ended it; 0: it ended by itself
  rusage usage{};
  std::optional<Nanoseconds> time;  // Started::ended
};

class Child {
 public:
  // A child in a session of its own, of which it is not the leader and which has no terminal; with a pipe for
  // stdout and stderr, the descriptors, signals and limits that we were started with, no secret in its
  // environment, and death with its parent. It waits right before exec. From the first on, orphans become our
  // children. Errors: Failure::measurement; Failure::command for its input, its user and its CPUs.
  static Result<Child> spawn_stopped(const ChildOptions& options);

  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();  // kills and reaps what still runs, and then all that it started

  pid_t pid() const { return pid_; }

  // It has these, too, from its exec on; they stay open here until then.
  void give(std::vector<Handed> descriptors) { given_ = std::move(descriptors); }

  // Lets it exec: the time of that, on CLOCK_MONOTONIC. The error (Failure::command) is the exec's, or that
  // of what comes before it, after which the child is reaped.
  Result<Nanoseconds> resume();

  // Non-blocking read end of its output.
  int output() const { return output_.fd(); }

  // The end of the process, where it has ended. Does not wait. `tracer`, where there is one, is told of every
  // thread that has stopped.
  std::optional<ChildEnd> reap(ThreadTracer* tracer = nullptr);

  // To it and all that it started, whatever group or session that is in.
  void signal(int number) const;

  // What it started and is still there, once it has ended itself.
  std::vector<pid_t> left() const;

  // The same, where some of it needs a little longer to end by itself.
  std::vector<pid_t> left_after(Nanoseconds patience) const;

  // After `grace` SIGKILL to what is left, until nothing is or `patience` is over. Whether nothing is.
  bool kill_left(Nanoseconds grace, Nanoseconds patience) const;

  // What it left may go on to print: from now on a process of its own reads that, until nobody can print
  // there any more. It outlives this one.
  void read_on() const;

  // Whether what an earlier command left was there when it was started.
  bool met_others() const { return !before_.empty(); }

 private:
  Child() = default;
  pid_t pid_ = -1;
  Started started_;
  Descriptor output_;
  std::vector<pid_t> before_;  // of our adopted children, those that an earlier command left
  std::string program_;
  std::optional<UserIds> user_;
  std::vector<Handed> given_;
  bool traced_ = false;
};

}  // namespace pw
