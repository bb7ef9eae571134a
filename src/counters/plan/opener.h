// SPDX-License-Identifier: GPL-3.0-or-later
// Asking the kernel: can this be opened, do these fit together. An interface, so that planning can be tested
// with the answers of machines that are not here.
#pragma once

#include <linux/perf_event.h>
#include <sys/types.h>

#include <span>
#include <string>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "os/root.h"

namespace pw {

class Opener {
 public:
  virtual ~Opener() = default;
  // 0, or the errno with which the kernel refuses to count `attr` on a thread of ours.
  virtual int try_open(const perf_event_attr& attr) = 0;
  // The same for counting everything on one CPU.
  virtual int try_open_on(const perf_event_attr& attr, int cpu);
  // Whether the kernel opens these as one group and runs it whole (running == enabled > 0) in a short trial.
  virtual bool fits(std::span<const perf_event_attr> group) = 0;
  // Who is known to hold a counter beside us, and what would end that; "" where nobody is.
  virtual std::string other_user() const { return ""; }
};

// What is tried on: a thread (0: ours) on any CPU, or with pid -1 everything on one CPU.
struct TrialPlace {
  pid_t pid = 0;
  int cpu = -1;
};

class KernelOpener : public Opener {
 public:
  explicit KernelOpener(TrialPlace place = {}, Root root = Root()) : place_(place), root_(std::move(root)) {}
  int try_open(const perf_event_attr& attr) override;
  int try_open_on(const perf_event_attr& attr, int cpu) override;
  bool fits(std::span<const perf_event_attr> group) override;
  std::string other_user() const override;

 private:
  TrialPlace place_;
  Root root_;
};

}  // namespace pw
