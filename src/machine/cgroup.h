// SPDX-License-Identifier: GPL-3.0-or-later
// What the control groups of this process allow, of version 2 and of version 1.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "os/root.h"

namespace pw {

struct CgroupLimits {
  std::optional<double> cpus;          // the least quota of its own group and of those above
  std::optional<double> memory_bytes;  // the same
  std::optional<std::string> cpu_list;
  std::vector<std::string> throttled;  // cpu.stat of each group that has a quota
};

CgroupLimits cgroup_limits(const Root& root);

// nr_throttled of a cpu.stat: the periods in which the group used up its quota.
std::optional<long> throttled_periods(const Root& root, const std::string& file);

}  // namespace pw
