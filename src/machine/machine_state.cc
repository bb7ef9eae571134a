// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/machine_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"
#include "machine/cgroup.h"
#include "machine/facts_list.h"
#include "machine/topology.h"
#include "os/clock.h"

namespace pw {
namespace {

const std::string kCpus = "sys/devices/system/cpu/";

// Some kernels measure 10 ms for the frequency of an idle x86 CPU; the rest is then left out.
constexpr Nanoseconds kFrequencyBudget{20'000'000};

// Of `cpus`, `most` that are spread over all of them.
std::vector<int> spread(const std::vector<int>& cpus, std::size_t most) {
  if (cpus.size() <= most) return cpus;
  std::vector<int> chosen;
  for (std::size_t i = 0; i < most; ++i) chosen.push_back(cpus[i * cpus.size() / most]);
  return chosen;
}

std::string megahertz(double kilohertz) { return exact_number(std::round(kilohertz / 100) / 10); }

void add_frequencies(FactList& facts, const Root& root, const std::vector<int>& cpus) {
  std::vector<double> kilohertz;
  const Nanoseconds end = monotonic_now() + kFrequencyBudget;
  for (const int cpu : cpus) {
    if (const auto now = root.number(fmt::format("{}cpu{}/cpufreq/scaling_cur_freq", kCpus, cpu)))
      kilohertz.push_back(static_cast<double>(*now));
    if (monotonic_now() > end) break;
  }
  if (kilohertz.empty()) return;
  double sum = 0;
  for (const double one : kilohertz) sum += one;
  const auto [least, most] = std::minmax_element(kilohertz.begin(), kilohertz.end());
  facts.add("frequency_mean_mhz", megahertz(sum / static_cast<double>(kilohertz.size())));
  facts.add("frequency_least_mhz", megahertz(*least));
  facts.add("frequency_most_mhz", megahertz(*most));
  facts.add("frequency_cpus", std::to_string(kilohertz.size()));
}

std::string governors(const Root& root, const std::vector<int>& cpus) {
  std::set<std::string> names;
  for (const int cpu : cpus)
    if (const auto name = root.text(fmt::format("{}cpu{}/cpufreq/scaling_governor", kCpus, cpu)))
      names.insert(*name);
  return join(std::vector<std::string>(names.begin(), names.end()), ",");
}

std::optional<std::string> sum_of(const Root& root, const std::vector<std::string>& files) {
  long sum = 0;
  for (const std::string& file : files) {
    const auto count = root.number(file);
    if (!count) return std::nullopt;
    sum += *count;
  }
  return std::to_string(sum);
}

std::optional<std::string> load(const Root& root) {
  const auto text = root.text("proc/loadavg");
  return text ? std::optional(text->substr(0, text->find(' '))) : std::nullopt;
}

// Of the whole machine, since boot, in pages.
constexpr std::pair<std::string_view, std::string_view> kVmCounts[] = {{"pswpin", "swapped_in"},
                                                                       {"pswpout", "swapped_out"},
                                                                       {"numa_local", "numa_local"},
                                                                       {"numa_other", "numa_other"}};

void add_vm_counts(FactList& facts, const Root& root) {
  const std::string text = "\n" + root.text("proc/vmstat").value_or("");
  for (const auto& [name, key] : kVmCounts) {
    const std::string begin = fmt::format("\n{} ", name);
    const std::size_t at = text.find(begin);
    if (at == std::string::npos) continue;
    const std::size_t value = at + begin.size();
    facts.add(key, text.substr(value, text.find('\n', value) - value));
  }
}

}  // namespace

StateReader::StateReader(Root root) : root_(std::move(root)), partition_(root_) {
  const Topology topology = read_topology(root_);
  cpus_ = spread(topology.cores.empty() ? topology.online : topology.cores, kMostCpus);
  find_throttle_counts(cpus_, topology.sockets);
  quotas_ = cgroup_limits(root_).throttled;
}

void StateReader::add_count(const std::string& key, const std::string& file) {
  if (!root_.number(file)) return;
  const auto same = std::ranges::find(throttled_, key, &Count::key);
  if (same == throttled_.end())
    throttled_.push_back({key, {file}});
  else
    same->files.push_back(file);
}

// x86 counts per core and per package, POWER per chip and reason.
void StateReader::find_throttle_counts(const std::vector<int>& cores, const std::vector<int>& sockets) {
  for (const int cpu : cores)
    add_count("throttled_core", fmt::format("{}cpu{}/thermal_throttle/core_throttle_count", kCpus, cpu));
  std::vector<std::string> chips;
  for (const int cpu : sockets) {
    add_count("throttled_package",
              fmt::format("{}cpu{}/thermal_throttle/package_throttle_count", kCpus, cpu));
    chips.push_back(fmt::format("{}cpu{}/cpufreq/throttle_stats/", kCpus, cpu));
  }
  for (const std::string& name : root_.names(kCpus + "cpufreq"))
    if (name.starts_with("chip")) chips.push_back(kCpus + "cpufreq/" + name + "/throttle_stats/");
  for (const std::string& chip : chips)
    for (const char* reason : {"powercap", "overtemp", "supply_fault", "overcurrent", "occ_reset"})
      add_count(std::string("throttled_") + reason, chip + reason);
}

std::optional<std::string> StateReader::throttled_by_quota() const {
  long sum = 0;
  for (const std::string& file : quotas_) {
    const auto periods = throttled_periods(root_, file);
    if (!periods) return std::nullopt;
    sum += *periods;
  }
  return std::to_string(sum);
}

MachineState StateReader::read() const {
  FactList facts;
  add_frequencies(facts, root_, cpus_);
  facts.add("governor", governors(root_, cpus_));
  for (const Count& count : throttled_) facts.add(count.key, sum_of(root_, count.files));
  if (!quotas_.empty()) facts.add("throttled_cgroup", throttled_by_quota());
  add_vm_counts(facts, root_);
  facts.add("load_1min", load(root_));
  facts.add("cpus_online", root_.text(kCpus + "online"));
  facts.add("smt", root_.text(kCpus + "smt/control"));
  partition_.add(facts, root_);
  return facts.take();
}

}  // namespace pw
