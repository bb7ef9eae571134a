// SPDX-License-Identifier: GPL-3.0-or-later
// Which CPUs a thread may run on, on machines with more than CPU_SETSIZE of them, too.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "os/root.h"

namespace pw {

class CpuSet {
 public:
  CpuSet() = default;
  explicit CpuSet(const std::vector<int>& cpus);  // each from 0 to kListEnd - 1

  // Those that the calling thread may run on; none where the kernel does not say.
  static CpuSet usable();

  bool contains(int cpu) const;
  std::vector<int> cpus() const;  // in order

  // Lets the calling thread run on these alone. 0, or the errno. Async-signal-safe.
  int pin_this_thread() const;

 private:
  std::vector<unsigned long> words_;  // as the kernel has it: CPU 0 is the lowest bit of the first
};

// Those that are online; none where the kernel does not say.
std::vector<int> cpus_online(const Root& root);

// "0-3,8" as CPUs that we may run on. Errors: Failure::input for the syntax, not_possible for a CPU that is
// absent.
Result<CpuSet> parse_cpus(const std::string& list);

}  // namespace pw
