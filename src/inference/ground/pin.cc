// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/ground/pin.h"

#include <fmt/format.h>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <utility>

#include "inference/ground/team.h"
#include "os/cpu_set.h"

namespace pw::inference {
namespace {

// Package and core; unknown: a core of its own.
std::pair<long, long> core_of(const Root& root, int cpu) {
  const std::string folder = fmt::format("sys/devices/system/cpu/cpu{}/topology/", cpu);
  const auto package = root.number(folder + "physical_package_id"), core = root.number(folder + "core_id");
  return package && core ? std::pair{*package, *core} : std::pair{-1L, static_cast<long>(cpu)};
}

void pin_this_thread(const std::vector<int>& cpus) {
  (void)CpuSet(cpus).pin_this_thread();  // a sandbox may refuse: then the kernel places the threads
}

std::vector<int> read_usable_cpus() {
  const std::vector<int> cpus = CpuSet::usable().cpus();
  return cpus.empty() ? std::vector<int>{0} : cpus;
}

bool libgomp_binds() {
  for (const char* name : {"OMP_PROC_BIND", "OMP_PLACES", "GOMP_CPU_AFFINITY"})
    if (std::getenv(name)) return true;
  return false;
}

}  // namespace

std::vector<int> cpus_in_order(const Root& root, const std::vector<int>& usable, int first) {
  std::map<std::pair<long, long>, std::vector<int>> cores;
  for (const int cpu : usable) cores[core_of(root, cpu)].push_back(cpu);
  std::vector<std::vector<int>> in_order;
  for (auto& [core, cpus] : cores) in_order.push_back(std::move(cpus));
  const auto current = std::find_if(in_order.begin(), in_order.end(), [first](const std::vector<int>& cpus) {
    return std::count(cpus.begin(), cpus.end(), first) > 0;
  });
  if (current != in_order.end()) std::rotate(in_order.begin(), current, in_order.end());
  std::vector<int> order;
  for (std::size_t sibling = 0; order.size() < usable.size(); ++sibling)
    for (const std::vector<int>& cpus : in_order)
      if (sibling < cpus.size()) order.push_back(cpus[sibling]);
  return order;
}

const std::vector<int>& usable_cpus() {
  static const std::vector<int> cpus = read_usable_cpus();
  return cpus;
}

int busy_elsewhere(const Root& root) {
  // "0.16 1.18 1.00 1/92 9657": the fourth is running and all threads; one that runs is this one.
  const std::string text = root.text("proc/loadavg").value_or("");
  int running = 1;
  return std::sscanf(text.c_str(), "%*s %*s %*s %d/", &running) == 1 ? std::max(0, running - 1) : 0;
}

void pin_team(const Root& root, int busy) {
  const std::vector<int> order = cpus_in_order(root, usable_cpus(), ::sched_getcpu());
  const auto threads = static_cast<std::size_t>(team_size());
  const long cpus = ::sysconf(_SC_NPROCESSORS_ONLN);
  if (libgomp_binds() || order.size() < threads || team_size() + busy > cpus) return;
  on_each_thread([&order](int thread) { pin_this_thread({order[static_cast<std::size_t>(thread)]}); });
}

void unpin_this_thread() { pin_this_thread(usable_cpus()); }

}  // namespace pw::inference
