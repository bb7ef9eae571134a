// SPDX-License-Identifier: GPL-3.0-or-later
// Asking the kernel: can this be opened, do these fit together. An interface, so that planning can be tested
// with the answers of machines that are not here.
#pragma once

#include <linux/perf_event.h>

#include <span>
#include <tl/expected.hpp>
#include <vector>

namespace pw {

class Opener {
 public:
  virtual ~Opener() = default;
  // 0, or the errno with which the kernel refuses to count `attr` on a thread of ours.
  virtual int try_open(const perf_event_attr& attr) = 0;
  // Whether the kernel opens these as one group and runs it whole (running == enabled > 0) in a short trial.
  virtual bool fits(std::span<const perf_event_attr> group) = 0;
};

class KernelOpener : public Opener {
 public:
  int try_open(const perf_event_attr& attr) override;
  bool fits(std::span<const perf_event_attr> group) override;
};

}  // namespace pw
