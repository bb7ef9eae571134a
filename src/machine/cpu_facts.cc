// SPDX-License-Identifier: GPL-3.0-or-later
// Sockets, cores, threads, NUMA nodes, caches, frequencies.
#include <fmt/format.h>

#include "base/list.h"
#include "machine/machine_parts.h"

namespace pw {
namespace {

std::optional<std::string> count_of(std::size_t count) {
  return count > 0 ? std::optional(std::to_string(count)) : std::nullopt;
}

std::string range(int least, int most) {
  return least == most ? std::to_string(most) : fmt::format("{} to {}", least, most);
}

// POWER: the hardware threads of a core, online or not: four bytes each of its property.
std::optional<std::size_t> threads_of_a_core(const Root& root) {
  const std::string cpus = "proc/device-tree/cpus";
  for (const std::string& name : root.names(cpus))
    if (name.starts_with("PowerPC,"))
      if (const auto bytes = root.bytes(cpus + "/" + name + "/ibm,ppc-interrupt-server#s"))
        return bytes->size() / 4;
  return std::nullopt;
}

std::optional<std::string> smt_mode(const Root& root, const Topology& topology) {
  if (topology.most_threads == 0) return std::nullopt;
  const std::string mode = "SMT" + range(topology.least_threads, topology.most_threads);
  const auto threads = threads_of_a_core(root);
  return threads && *threads > 0 ? fmt::format("{} of {}", mode, *threads) : mode;
}

std::optional<std::string> numa_nodes(const Root& root) {
  const auto list = root.text("sys/devices/system/node/online");
  const auto nodes = list ? parse_list(*list) : std::nullopt;
  return nodes ? std::optional(fmt::format("{} ({})", nodes->size(), *list)) : std::nullopt;
}

std::string cache_key(const std::string& level, const std::string& type) {
  const std::string_view kind = type == "Data" ? "d" : type == "Instruction" ? "i" : "";
  return fmt::format("cache_l{}{}", level, kind);
}

std::optional<std::string> megahertz(const std::optional<long>& kilohertz) {
  return kilohertz ? std::optional(exact_number(static_cast<double>(*kilohertz) / 1000)) : std::nullopt;
}

std::optional<std::string> turbo(const Root& root) {
  const std::string cpu = "sys/devices/system/cpu/";
  if (const auto off = root.number(cpu + "intel_pstate/no_turbo")) return *off == 0 ? "on" : "off";
  if (const auto on = root.number(cpu + "cpufreq/boost")) return *on != 0 ? "on" : "off";
  return std::nullopt;
}

}  // namespace

void add_topology(FactList& facts, const Root& root, const Topology& topology) {
  facts.add("sockets", count_of(topology.sockets.size()));
  facts.add("cores", count_of(topology.cores.size()));
  if (topology.most_threads > 0)
    facts.add("threads_per_core", range(topology.least_threads, topology.most_threads));
  facts.add("smt_mode", smt_mode(root, topology));
  facts.add("numa_nodes", numa_nodes(root));
}

void add_caches(FactList& facts, const Root& root, int cpu) {
  const std::string folder = fmt::format("sys/devices/system/cpu/cpu{}/cache", cpu);
  for (const std::string& name : root.names(folder)) {
    const std::string cache = folder + "/" + name + "/";
    const auto level = root.text(cache + "level");
    const auto type = root.text(cache + "type");
    const auto size = root.text(cache + "size");
    if (!level || !type || !size) continue;
    const auto shared = root.text(cache + "shared_cpu_list");
    facts.add(cache_key(*level, *type), shared ? fmt::format("{}, of CPUs {}", *size, *shared) : *size);
  }
}

void add_frequencies(FactList& facts, const Root& root, int cpu) {
  const std::string folder = fmt::format("sys/devices/system/cpu/cpu{}/cpufreq/", cpu);
  facts.add("governor", root.text(folder + "scaling_governor"));
  facts.add("frequency_driver", root.text(folder + "scaling_driver"));
  facts.add("min_mhz", megahertz(root.number(folder + "cpuinfo_min_freq")));
  facts.add("max_mhz", megahertz(root.number(folder + "cpuinfo_max_freq")));
  facts.add("scaling_min_mhz", megahertz(root.number(folder + "scaling_min_freq")));
  facts.add("scaling_max_mhz", megahertz(root.number(folder + "scaling_max_freq")));
  facts.add("turbo", turbo(root));
}

}  // namespace pw
