// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/placement.h"

#include <sys/utsname.h>

#include <algorithm>
#include <vector>

#include "base/list.h"
#include "base/text.h"
#include "os/cpu_set.h"

namespace pw {
namespace {

constexpr const char* kNodes = "sys/devices/system/node";

std::vector<int> cpus_of(const Root& root, const std::string& node) {
  const auto text = root.text(std::string(kNodes) + "/" + node + "/cpulist");
  return text ? parse_list(*text).value_or(std::vector<int>{}) : std::vector<int>{};
}

}  // namespace

std::string numa_nodes_of(std::span<const int> cpus, const Root& root) {
  std::vector<int> nodes;
  for (const std::string& name : root.names(kNodes)) {
    const auto number = name.starts_with("node") ? parse_integer(name.substr(4)) : std::nullopt;
    if (!number) continue;
    const std::vector<int> own = cpus_of(root, name);
    if (std::ranges::any_of(own, [&](int cpu) { return std::ranges::binary_search(cpus, cpu); }))
      nodes.push_back(static_cast<int>(*number));
  }
  std::ranges::sort(nodes);
  return list_text(nodes);
}

std::string host_name() {
  utsname names{};
  return ::uname(&names) == 0 ? names.nodename : "";
}

std::string node_name(const Variables& variables) {
  if (const auto name = variables("SLURMD_NODENAME"); name && !name->empty()) return *name;
  return host_name();
}

void add_placement(RankPlace& place, const Variables& variables, const Root& root) {
  const std::vector<int> cpus = CpuSet::usable().cpus();
  place.node = node_name(variables);
  place.cpus = list_text(cpus);
  place.numa = numa_nodes_of(cpus, root);
}

}  // namespace pw
