// SPDX-License-Identifier: GPL-3.0-or-later
// The measured command: started stopped, let go, ended, reaped.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "os/cpu_set.h"
#include "os/descriptor.h"

namespace pw {

class ThreadTracer;

struct UserIds {
  uid_t uid = 0;
  gid_t gid = 0;
  std::string name;
  std::string home;
};

struct ChildOptions {
  std::vector<std::string> command;
  std::optional<CpuSet> cpus;
  std::optional<UserIds> user;
};

struct ChildEnd {
  int exit_status = 0;  // as a shell has it
  rusage usage{};
};

class Child {
 public:
  // Forks a child that has /dev/null as standard input, a pipe for stdout and stderr, a process group of its
  // own, death with its parent, no secret in its environment, and waits right before exec.
  static Result<Child> spawn_stopped(const ChildOptions& options);

  Child(Child&& other) noexcept;
  Child& operator=(Child&&) = delete;
  ~Child();  // kills and reaps what still runs

  pid_t pid() const { return pid_; }

  // Lets it exec. The error (Failure::command) is the exec's, or that of what comes before it, after which
  // the child is reaped. Where SIGPIPE is not ignored (SignalQueue does), a child that is gone ends us.
  Result<> resume();

  // Non-blocking read end of its output.
  int output() const { return output_.fd(); }

  // The end of the process, where it has ended. Does not wait. `tracer`, where there is one, is told of every
  // thread that has stopped.
  std::optional<ChildEnd> reap(ThreadTracer* tracer = nullptr);

  // To its whole process group, and to itself where it has left that.
  void signal(int number) const;

 private:
  Child() = default;
  pid_t pid_ = -1;
  Descriptor go_;
  Descriptor exec_error_;
  Descriptor output_;
};

// Failure::input where there is no such user; not_possible where we may not become them.
Result<UserIds> find_user(const std::string& name);

// Failure::command where `program` is no executable file and no program of that name is on PATH.
Result<> check_program(const std::string& program);

}  // namespace pw
