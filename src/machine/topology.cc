// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/topology.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <set>
#include <string>

#include "base/text.h"

namespace pw {
namespace {

constexpr std::int64_t kMostCpus = 1 << 16;

std::vector<int> siblings(const Root& root, int cpu, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const auto list = root.text(fmt::format("sys/devices/system/cpu/cpu{}/topology/{}", cpu, name)))
      return parse_cpu_list(*list).value_or(std::vector<int>{});
  return {};
}

// The first CPU of each group that `names` tells of; `sizes` gets the groups' sizes. None where a CPU's group
// is not known.
std::vector<int> heads(const Root& root, const std::vector<int>& cpus,
                       std::initializer_list<const char*> names, std::vector<std::size_t>* sizes = nullptr) {
  std::vector<int> heads;
  std::set<int> seen;
  for (const int cpu : cpus) {
    if (seen.contains(cpu)) continue;
    const std::vector<int> group = siblings(root, cpu, names);
    if (group.empty()) return {};
    seen.insert(group.begin(), group.end());
    heads.push_back(cpu);
    if (sizes) sizes->push_back(group.size());
  }
  return heads;
}

}  // namespace

std::optional<std::vector<int>> parse_cpu_list(std::string_view list) {
  std::vector<int> cpus;
  for (const std::string& part : split(trim(list), ',')) {
    const std::size_t dash = part.find('-');
    const auto first = parse_integer(std::string_view(part).substr(0, dash));
    const auto last =
        dash == std::string::npos ? first : parse_integer(std::string_view(part).substr(dash + 1));
    if (!first || !last || *first < 0 || *last < *first || *last >= kMostCpus) return std::nullopt;
    for (std::int64_t cpu = *first; cpu <= *last; ++cpu) cpus.push_back(static_cast<int>(cpu));
  }
  return cpus;
}

Topology read_topology(const Root& root) {
  Topology topology;
  if (const auto online = root.text("sys/devices/system/cpu/online"))
    topology.online = parse_cpu_list(*online).value_or(std::vector<int>{});
  std::vector<std::size_t> threads;
  topology.cores = heads(root, topology.online, {"core_cpus_list", "thread_siblings_list"}, &threads);
  topology.sockets = heads(root, topology.online, {"package_cpus_list", "core_siblings_list"});
  if (topology.cores.empty()) return topology;
  const auto [least, most] = std::minmax_element(threads.begin(), threads.end());
  topology.least_threads = static_cast<int>(*least);
  topology.most_threads = static_cast<int>(*most);
  return topology;
}

}  // namespace pw
