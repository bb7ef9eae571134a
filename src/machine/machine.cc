// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/machine.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "machine/machine_parts.h"

namespace pw {
namespace {

std::optional<std::string> first_text(const Root& root, std::initializer_list<const char*> paths) {
  for (const char* path : paths)
    if (const auto text = root.text(path)) return text;
  return std::nullopt;
}

std::optional<std::string> memory(const Root& root) {
  const auto text = root.text("proc/meminfo");
  if (!text || !text->starts_with("MemTotal:")) return std::nullopt;
  return std::string(trim(split(*text, '\n').front().substr(9)));
}

}  // namespace

Machine describe_machine(const Root& root, const ToldPlatform& told) {
  const CpuInfo info(root);
  const Topology topology = read_topology(root);
  const int cpu = topology.online.empty() ? 0 : topology.online.front();
  FactList facts;
  utsname names{};
  ::uname(&names);
  facts.add("hostname", names.nodename);
  facts.add("arch", names.machine);
  facts.add("cpu_model", cpu_model(info));
  facts.add("cpu_revision", cpu_revision(info));
  facts.add("compatibility_mode", compatibility_mode(info, told));
  facts.add("microcode", info.first({"microcode"}));
  facts.add("platform", info.first({"platform"}));
  facts.add("system", first_text(root, {"proc/device-tree/model", "sys/class/dmi/id/product_name"}));
  add_firmware(facts, root);
  facts.add("cpus_online", root.text("sys/devices/system/cpu/online"));
  facts.add("smt", root.text("sys/devices/system/cpu/smt/control"));
  add_topology(facts, root, topology);
  add_caches(facts, root, cpu);
  add_frequencies(facts, root, cpu);
  facts.add("memory", memory(root));
  facts.add("kernel", std::string(names.sysname) + " " + names.release);
  add_mitigations(facts, root);
  facts.add("pmu", pmu_name(root));
  facts.add("perf_event_paranoid", root.text("proc/sys/kernel/perf_event_paranoid"));
  facts.add("nmi_watchdog", root.text("proc/sys/kernel/nmi_watchdog"));
  add_hypervisor(facts, root, info);
  add_partition(facts, root, info, topology);
  add_container(facts, root);
  return facts.take();
}

std::vector<Fact> speed_environment() {
  static constexpr std::array<std::string_view, 7> prefixes = {"OMP_", "GOMP_", "OPENBLAS_", "ONEDNN_",
                                                               "KMP_", "MKL_",  "DNNL_"};
  std::vector<Fact> facts;
  for (char** variable = environ; *variable; ++variable) {
    const std::string_view text = *variable;
    if (std::any_of(prefixes.begin(), prefixes.end(), [&](auto prefix) { return text.starts_with(prefix); }))
      facts.push_back(
          {std::string(text.substr(0, text.find('='))), std::string(text.substr(text.find('=') + 1))});
  }
  std::sort(facts.begin(), facts.end(), [](const Fact& a, const Fact& b) { return a.key < b.key; });
  return facts;
}

}  // namespace pw
