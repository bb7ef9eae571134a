// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/advice.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "os/perf_event.h"
#include "os/root.h"
#include "power/occ.h"
#include "power/rapl.h"

namespace pw {

PowerAdvice occ_advice() {
  if (::access(kOccFile, F_OK) != 0) return {};
  return {fmt::format("sudo chmod a+r {}", kOccFile), fmt::format("sudo chmod 0400 {}", kOccFile)};
}

PowerAdvice rapl_advice() {
  if (rapl_sensors(kPowercapFolder).empty())
    return {"sudo modprobe -a intel_rapl_common intel_rapl_msr",
            "sudo modprobe -r intel_rapl_msr intel_rapl_common"};
  return {"sudo chmod a+r /sys/class/powercap/*/energy_uj",
          "sudo chmod 0400 /sys/class/powercap/*/energy_uj"};
}

PowerAdvice perf_rapl_advice() {
  const Root root;
  if (!root.exists("sys/bus/event_source/devices/power"))
    return {"sudo modprobe rapl", "sudo modprobe -r rapl"};
  if (const auto paranoid = perf_event_paranoid(root); paranoid && *paranoid > 0)
    return {"sudo sysctl kernel.perf_event_paranoid=0",
            fmt::format("sudo sysctl kernel.perf_event_paranoid={}", *paranoid)};
  return {};
}

PowerAdvice hwmon_advice() {
  if (std::filesystem::exists("/sys/firmware/opal"))
    return {"sudo modprobe ibmpowernv", "sudo modprobe -r ibmpowernv"};
  return {"sudo modprobe acpi_power_meter", "sudo modprobe -r acpi_power_meter"};
}

PowerAdvice dcmi_advice() {
  if (::access("/dev/ipmi0", F_OK) == 0)
    return {"sudo chmod g+rw /dev/ipmi0 && sudo chgrp \"$(id -gn)\" /dev/ipmi0",
            "sudo chgrp root /dev/ipmi0 && sudo chmod g-rw /dev/ipmi0"};
  if (std::filesystem::exists("/sys/firmware/opal"))
    return {"sudo modprobe -a ipmi_powernv ipmi_devintf", "sudo modprobe -r ipmi_devintf ipmi_powernv"};
  return {"sudo modprobe -a ipmi_si ipmi_devintf", "sudo modprobe -r ipmi_devintf ipmi_si"};
}

PowerAdvice redfish_advice() { return {"sudo apt-get install libcurl4", "sudo apt-get remove libcurl4"}; }

PowerAdvice nvml_advice() {
  if (!std::filesystem::exists("/proc/driver/nvidia")) return {};
  return {"sudo modprobe nvidia", "sudo modprobe -r nvidia"};
}

PowerAdvice no_advice() { return {}; }

}  // namespace pw
