// SPDX-License-Identifier: GPL-3.0-or-later
// What a partition can measure, and who can switch on what it cannot: IBM's "Management Console PCM
// Preferences" (p11ehl), chsyscfg(1) of the HMC, powerpc-utils' lparstat.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "doctor/checks.h"
#include "machine/cpuinfo.h"
#include "machine/lparcfg.h"
#include "machine/machine_parts.h"

namespace pw {
namespace {

constexpr const char* kCpu0 = "sys/devices/system/cpu/cpu0/";

std::string partition_number(const std::optional<Lparcfg>& lparcfg) {
  return lparcfg ? lparcfg->text("partition_id").value_or("ID") : "ID";
}

CheckResult check_counters(const Root& root, bool powervm, std::string (*refusal)()) {
  std::vector<std::string> there;
  for (const char* pmu : {"hv_gpci", "hv_24x7"})
    if (root.exists(std::string("sys/bus/event_source/devices/") + pmu)) there.emplace_back(pmu);
  if (!powervm) return {false, "no hypervisor counters: hv_gpci and hv_24x7 are PowerVM's"};
  if (there.empty()) return {false, "no hypervisor counters: this kernel has neither hv_gpci nor hv_24x7"};
  const std::string why = refusal();
  if (why.empty()) return {true, join(there, " and ") + " count"};
  const auto command = [&](int value) {
    return fmt::format("on the HMC: chsyscfg -r lpar -m SYSTEM -i 'lpar_id={},allow_perf_collection={}'",
                       partition_number(Lparcfg::read(root)), value);
  };
  return {false, join(there, " and ") + ": " + why,
          command(1) + " (the partition's properties: Enable Performance Information Collection)",
          command(0)};
}

CheckResult check_time(const Root& root) {
  std::vector<std::string> has, lacks;
  const bool lparcfg = Lparcfg::read(root).has_value();
  (lparcfg ? has : lacks)
      .push_back(lparcfg ? "entitlement and dispatches (lparcfg)"
                         : "no entitlement and dispatches: this kernel has no /proc/powerpc/lparcfg "
                           "(CONFIG_LPARCFG)");
  const bool purr = root.text(std::string(kCpu0) + "purr").has_value();
  const bool hidden = !purr && root.exists(std::string(kCpu0) + "purr");
  if (purr || lparcfg)
    has.emplace_back("cores consumed (PURR)");
  else
    lacks.emplace_back(hidden ? "no cores consumed: PURR is root's only"
                              : "no cores consumed: there is no PURR");
  has.emplace_back("steal (/proc/stat)");
  const std::string found = join(has, ", ") + (lacks.empty() ? "" : "; " + join(lacks, "; "));
  return {lacks.empty(), found, hidden && !lparcfg ? "sudo perfwatt run ..." : "", ""};
}

CheckResult check_watts(bool powervm) {
  if (!powervm)
    return {false,
            "a guest has no power sensor, and this hypervisor no management console: measure on its host", "",
            ""};
  return {
      false,
      "a partition has no power sensor; its management console (HMC) tells the server's watts, of which the "
      "partition's share is modelled",
      "perfwatt run --power 'hmc://USER@HMC/SYSTEM' ...; on the HMC, by its administrator: performance data "
      "collection of the server on (REST: EnergyMonitorEnabled and AggregationEnabled true in "
      "/rest/api/pcm/ManagedSystem/UUID/preferences)",
      "the same switches off"};
}

}  // namespace

std::vector<CheckResult> check_partition(const Root& root, std::string (*refusal)()) {
  const CpuInfo info(root);
  if (!in_partition(info)) return {};
  const bool powervm = hypervisor(root, info) == "PowerVM";  // others have no management console
  return {check_counters(root, powervm, refusal), check_time(root), check_watts(powervm)};
}

}  // namespace pw
