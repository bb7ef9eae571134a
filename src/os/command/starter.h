// SPDX-License-Identifier: GPL-3.0-or-later
// How a command comes to be a child of ours in a session of its own: by start.h.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <optional>
#include <span>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/units.h"
#include "os/command/start.h"
#include "os/cpu_set.h"
#include "os/descriptor.h"

namespace pw {

// A descriptor of ours that the command has, under that number.
struct Handed {
  int fd = -1;  // -1: none
  int number = -1;
};

struct StartOrder {
  std::vector<std::string> command;
  std::vector<std::string> environment;  // "NAME=value"
  std::string user;                      // as pw_start::user
  std::optional<CpuSet> cpus;
  int input = -1;   // becomes its standard input
  int output = -1;  // its standard output and error
  Handed handed{};
};

// A command that waits for its exec, and its starter.
class Started {
 public:
  // The error is the errno.
  static tl::expected<Started, int> start(StartOrder order);

  Started() = default;
  Started(Started&& other) noexcept;
  Started& operator=(Started&& other) noexcept;
  ~Started();  // lets the starter go, and reaps it

  pid_t command() const { return command_; }
  pid_t starter() const { return starter_; }  // -1: there is none any more

  // Lets the command exec; the time right before, on CLOCK_MONOTONIC. The error is the errno of its exec, or
  // of what comes before it; the command then is about to end. `given`: it has them besides; where they
  // cannot be given, none of them.
  tl::expected<Nanoseconds, int> go(std::span<const Handed> given = {});

  // Takes off `used` what the command's process had used before its exec. Of what go() was told.
  void take_off(rusage& used) const;

  // When the command ended, on CLOCK_MONOTONIC, as the starter saw it, which did nothing but wait for that.
  // After the command was reaped. Nothing where the starter does not know.
  std::optional<Nanoseconds> ended() const;

  // The starter was reaped by somebody else.
  void forget_starter() { starter_ = -1; }

 private:
  pid_t command_ = -1;
  pid_t starter_ = -1;
  Descriptor control_;  // to the starter
  Descriptor talk_;     // to the command, until its exec
  pw_began began_{};
};

}  // namespace pw
