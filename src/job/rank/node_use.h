// SPDX-License-Identifier: GPL-3.0-or-later
// The CPU time that processes of a node use while a command runs there, for the rank that leads it.
#pragma once

#include <filesystem>

#include "base/result.h"
#include "model/job.h"

namespace pw {

// Since the node was started, in ticks of USER_HZ.
struct CpuTicks {
  std::int64_t busy = 0;  // of processes: neither interrupts nor what a hypervisor took
  int cpus = 0;           // online
};

// Out of a /proc/stat. Errors (not_possible): it does not tell, or tells of something else than the node.
Result<CpuTicks> cpu_ticks(const std::filesystem::path& stat);

// `hz`: ticks a second.
NodeUse use_between(const Result<CpuTicks>& begin, const Result<CpuTicks>& end, long hz);

class NodeUseWatch {
 public:
  void begin();
  NodeUse until_now() const;

 private:
  Result<CpuTicks> begin_;
};

}  // namespace pw
