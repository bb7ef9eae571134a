// SPDX-License-Identifier: GPL-3.0-or-later
// The command of a rank: our child, and in everything else as if the launcher had started it itself: its
// process group, session, descriptors, environment, signals and limits are those that we were given.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "os/descriptor.h"

namespace pw {

struct RankChildEnd {
  int wait_status = 0;
  rusage usage{};
};

class RankChild {
 public:
  // It waits right before its exec, and dies with us. Blocks every signal here. Errors (command).
  static Result<RankChild> start(std::vector<std::string> command);

  RankChild(RankChild&& other) noexcept;
  RankChild& operator=(RankChild&&) = delete;
  ~RankChild();  // kills and reaps it, where it still is

  pid_t pid() const { return pid_; }
  // Lets it exec: the error (command) is that of its exec, after which it has ended.
  Result<> go();
  // Until a signal comes to us: its number. SIGCHLD: it may have ended. 0: none came for so long.
  static int next_signal(std::optional<Nanoseconds> patience);
  std::optional<RankChildEnd> reap();

 private:
  RankChild() = default;
  pid_t pid_ = -1;
  std::string program_;
  Descriptor go_, failed_;
};

// Whether that signal is likely to end what it is sent to, and may be followed by SIGKILL.
bool is_last_warning(int number);

// Of a rank that has no command: every signal waits for RankChild::next_signal().
void block_signals();

// Ends this process as the command ended. Returns the exit status, where no signal ended it.
int end_as(int wait_status);

}  // namespace pw
