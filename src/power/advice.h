// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that would make a source usable here, and take that back, for `perfwatt doctor`.
#pragma once

#include <string>

namespace pw {

// "" where there is none.
struct PowerAdvice {
  std::string allow;
  std::string undo;
};

PowerAdvice occ_advice();
PowerAdvice rapl_advice();
PowerAdvice perf_rapl_advice();
PowerAdvice hwmon_advice();
PowerAdvice dcmi_advice();
PowerAdvice redfish_advice();
PowerAdvice nvml_advice();
PowerAdvice no_advice();

}  // namespace pw
