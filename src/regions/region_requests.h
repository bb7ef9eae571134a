// SPDX-License-Identifier: GPL-3.0-or-later
// Threads of the command that ask for counters of their own (mark/ask.c).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "mark/slab.h"
#include "os/descriptor.h"
#include "os/perf_event.h"

namespace pw {

// Counters of one thread: open as long as this is.
struct ThreadCounting {
  std::vector<CounterGroup> groups;
  std::shared_ptr<void> keeps;
  int error = 0;  // the errno of why there are none
};

class RegionRequests {
 public:
  using Open = std::function<ThreadCounting(pid_t thread)>;

  // `stamp`: of the slab. Nothing where there are no sockets.
  static std::optional<RegionRequests> make(std::uint64_t stamp, Open open);

  int theirs() const { return theirs_.fd(); }  // that the command is given
  int fd() const { return ours_.fd(); }        // readable when a thread asks
  // Answers who asks. Does not wait.
  void serve();

 private:
  RegionRequests(Descriptor ours, Descriptor theirs, std::uint64_t stamp, Open open)
      : ours_(std::move(ours)), theirs_(std::move(theirs)), stamp_(stamp), open_(std::move(open)) {}
  bool serve_one();
  void keep(pid_t process, pid_t thread, ThreadCounting counting);

  Descriptor ours_, theirs_;
  std::uint64_t stamp_;
  Open open_;
  struct Kept {
    pid_t process, thread;
    ThreadCounting counting;  // a group is only as large as its members are open here
  };
  std::vector<Kept> kept_;
  std::size_t look_at_ = 64;  // so many kept, at which those of threads that have ended are closed
  std::size_t left_ = kMost;
  static constexpr std::size_t kMost = 100'000;  // of an execution
};

}  // namespace pw
