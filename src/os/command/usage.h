// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernel says that a process used.
#pragma once

#include <sys/resource.h>

#include "base/units.h"

namespace pw {

inline Seconds seconds_of(timeval t) {
  return {static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6};
}

// Into an Execution or what else has these members.
template <class Used>
void take_usage(Used& used, const rusage& usage) {
  used.user = seconds_of(usage.ru_utime);
  used.system = seconds_of(usage.ru_stime);
  used.max_rss_kb = usage.ru_maxrss;
  used.voluntary_switches = usage.ru_nvcsw;
  used.involuntary_switches = usage.ru_nivcsw;
  used.minor_faults = usage.ru_minflt;
  used.major_faults = usage.ru_majflt;
}

}  // namespace pw
