// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/topology.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <set>
#include <string>

#include "base/list.h"
#include "os/cpu_set.h"

namespace pw {
namespace {

std::vector<int> siblings(const Root& root, int cpu, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const auto list = root.text(fmt::format("sys/devices/system/cpu/cpu{}/topology/{}", cpu, name)))
      return parse_list(*list).value_or(std::vector<int>{});
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

Topology read_topology(const Root& root) {
  Topology topology;
  topology.online = cpus_online(root);
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
