// SPDX-License-Identifier: GPL-3.0-or-later
#include "peaks/measure_peaks.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "base/list.h"
#include "base/text.h"
#include "os/clock.h"
#include "os/cpu_set.h"

namespace pw {
namespace {

constexpr std::string_view kAllPeaks[] = {kPeakClock, kPeakFp64, kPeakFp32, kPeakBf16,   kPeakInt8,
                                          kPeakL1,    kPeakL2,   kPeakL3,   kPeakMemory, kPeakTriad};
constexpr const char* kConditions[] = {"cpu_model",  "cpu_revision",     "cpus_online", "smt",
                                       "governor",   "frequency_driver", "max_mhz",     "turbo",
                                       "kernel",     "hypervisor",       "container",   "cgroup_cpu_limit",
                                       "cgroup_cpus"};
std::vector<Fact> conditions_of(const Root& root, const std::vector<Fact>& machine, const PeakCpus& cpus,
                                const std::string& isa) {
  std::vector<Fact> conditions = {
      {"measured",
       fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", fmt::gmtime(static_cast<std::time_t>(wall_clock_unix_s())))},
      {"perfwatt", PERFWATT_VERSION},
      {"kernels", isa},
      {"cpus", list_text(cpus.cpus)}};
  for (const char* key : kConditions) {
    const auto fact = std::ranges::find(machine, key, &Fact::key);
    if (fact != machine.end()) conditions.push_back(*fact);
  }
  if (const auto load = root.text("proc/loadavg"))
    conditions.push_back({"load_before", split(*load, ' ').front()});
  return conditions;
}

}  // namespace

PeakCpus peak_cpus(const Root& root, std::vector<int> usable) {
  PeakCpus cpus;
  std::vector<int> seen;
  for (const int cpu : usable) {
    if (std::ranges::find(seen, cpu) != seen.end()) continue;
    cpus.cores.push_back(cpu);
    const auto list =
        root.text(fmt::format("sys/devices/system/cpu/cpu{}/topology/thread_siblings_list", cpu));
    for (const int sibling : parse_list(list.value_or("")).value_or(std::vector<int>{}))
      seen.push_back(sibling);
  }
  cpus.cpus = std::move(usable);
  return cpus;
}

MachinePeaks measure_peaks(const Root& root, const std::vector<Fact>& machine, const TeamTime& time,
                           const std::function<void(std::string_view quantity)>& told) {
  std::vector<int> usable = CpuSet::usable().cpus();
  if (usable.empty()) usable = {0};
  const PeakCpus cpus = peak_cpus(root, std::move(usable));
  PeakMeter meter(root, cpus, time);
  std::vector<Fact> conditions = conditions_of(root, machine, cpus, meter.isa());
  const Nanoseconds begin = monotonic_now();
  for (const std::string_view quantity : kAllPeaks) {
    told(quantity);
    meter.measure(quantity);
  }
  conditions.push_back({"took", fmt::format("{:.1f} s", to_seconds(monotonic_now() - begin).value)});
  conditions.insert(conditions.end(), meter.refusals().begin(), meter.refusals().end());
  return {std::move(conditions), meter.peaks()};
}

}  // namespace pw
