// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/open/sources.h"

#include "power/bmc/dcmi.h"
#include "power/hmc/hmc.h"
#include "power/meter/csv.h"
#include "power/meter/exec.h"
#include "power/nvml/nvml.h"
#include "power/occ/occ.h"
#include "power/redfish/redfish.h"
#include "power/sysfs/hwmon.h"
#include "power/sysfs/perf_rapl.h"
#include "power/sysfs/rapl.h"

namespace pw {

std::span<const PowerKind> power_kinds() {
  static const PowerKind kinds[] = {kOccPower,     kRaplPower, kPerfRaplPower, kHwmonPower, kDcmiPower,
                                    kRedfishPower, kHmcPower,  kNvmlPower,     kExecPower,  kCsvPower};
  return kinds;
}

}  // namespace pw
