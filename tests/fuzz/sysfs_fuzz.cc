// SPDX-License-Identifier: GPL-3.0-or-later
// clang++ -fsanitize=fuzzer,address: any text in the files of procfs and sysfs that are read, those of
// sensors, CPUs and PMUs. The input is their contents, each ended by a 0; what is left over is renewed while
// sensors are read.
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "counters/names/sysfs_pmu.h"
#include "machine/cpuinfo.h"
#include "machine/machine.h"
#include "machine/machine_state.h"
#include "machine/test_machines.h"
#include "power/sysfs/hwmon.h"
#include "power/sysfs/perf_rapl.h"
#include "power/sysfs/rapl.h"
#include "promises.h"

namespace {

using pw::test::promise_printable;

const std::string kSensors = "hwmon/hwmon0/", kZone = "powercap/intel-rapl:0/";
const std::string kPmu = "sys/bus/event_source/devices/power/", kOneCpu = pw::test::kCpu + "cpu0/";

// What sensors tell again and again comes last.
const std::vector<std::string> kFiles = {"proc/cpuinfo",
                                         pw::test::kCpu + "online",
                                         kOneCpu + "topology/core_cpus_list",
                                         kOneCpu + "topology/package_cpus_list",
                                         kOneCpu + "topology/physical_package_id",
                                         kOneCpu + "topology/die_id",
                                         kOneCpu + "cpufreq/scaling_governor",
                                         kOneCpu + "cpufreq/scaling_cur_freq",
                                         kOneCpu + "cache/index0/level",
                                         kOneCpu + "cache/index0/type",
                                         kOneCpu + "cache/index0/size",
                                         pw::test::kCpu + "vulnerabilities/meltdown",
                                         "proc/meminfo",
                                         "proc/loadavg",
                                         kPmu + "type",
                                         kPmu + "cpumask",
                                         kPmu + "format/event",
                                         kPmu + "events/energy-pkg",
                                         kPmu + "events/energy-pkg.scale",
                                         kPmu + "events/energy-pkg.unit",
                                         kSensors + "name",
                                         kSensors + "power1_label",
                                         kSensors + "power1_cap",
                                         kSensors + "power2_average_interval",
                                         kSensors + "energy1_label",
                                         kZone + "name",
                                         kZone + "max_energy_range_uj",
                                         kZone + "constraint_0_power_limit_uw",
                                         kSensors + "power1_input",
                                         kSensors + "power2_average",
                                         kSensors + "energy1_input",
                                         kZone + "energy_uj"};
constexpr std::size_t kRenewed = 4;

// The files; only what is new is written.
class Files {
 public:
  void put(std::size_t i, std::string_view text) {
    if (held_[i] == text) return;
    held_[i] = text;
    tree_.put(kFiles[i], held_[i]);
  }
  pw::Root root() const { return tree_.root(); }
  std::string path(const std::string& name) const { return tree_.path(name).string(); }

 private:
  pw::test::Tree tree_;
  std::vector<std::string> held_ = std::vector<std::string>(kFiles.size(), "never");
};

std::string_view take(std::string_view& input) {
  const std::size_t end = std::min(input.find('\0'), input.size());
  const std::string_view text = input.substr(0, end);
  input.remove_prefix(std::min(end + 1, input.size()));
  return text;
}

void read_machine(const pw::Root& root) {
  const pw::CpuInfo info(root);
  static_cast<void>(pw::cpu_model(info));
  static_cast<void>(pw::cpu_revision(info));
  for (const char* arch : {"x86_64", "ppc64le", "aarch64"}) static_cast<void>(pw::cpu_family(info, arch));
  for (const pw::Fact& fact : pw::describe_machine(root)) promise_printable({fact.key, fact.value});
  for (const pw::Fact& fact : pw::StateReader(root).read()) promise_printable({fact.key, fact.value});
  for (const std::string& pmu : pw::pmu_names(root))
    for (const std::string& event : pw::pmu_events(root, pmu))
      static_cast<void>(pw::parse_pmu_event(root, pmu + "/" + event + "/"));
}

void read_sensors(pw::Result<std::unique_ptr<pw::PowerReader>> reader, Files& files, std::string_view input) {
  if (!reader) return promise_printable({pw::one_line(reader.error())});
  promise_printable((*reader)->left_out());
  std::map<int, double> joules;
  do {
    pw::test::read_and_check(**reader, joules);
    for (std::size_t i = kFiles.size() - kRenewed; i < kFiles.size(); ++i) files.put(i, take(input));
  } while (!input.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Files files;
  std::string_view input(reinterpret_cast<const char*>(data), size);
  for (std::size_t i = 0; i < kFiles.size(); ++i) files.put(i, take(input));
  read_machine(files.root());
  const pw::CounterOpen counter = [&](const perf_event_attr&, int) {
    return pw::CounterRead([] { return std::uint64_t{1}; });
  };
  read_sensors(pw::open_perf_rapl(files.root(), 10, counter), files, "");
  read_sensors(pw::open_hwmon(files.path("hwmon"), 10), files, input);
  read_sensors(pw::open_rapl(files.path("powercap"), 10), files, input);
  return 0;
}
