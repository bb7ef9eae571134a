// SPDX-License-Identifier: GPL-3.0-or-later
// Firmware, the kernel's mitigations, what the machine runs under.
#include <fmt/format.h>

#include <algorithm>

#include "machine/cgroup.h"
#include "machine/machine_parts.h"

namespace pw {
namespace {

constexpr std::size_t kMostVersions = 16;

std::string text_of(const Root& root, const std::string& path) {
  return std::string(trim(printable(root.text(path).value_or(""))));
}

// POWER bare metal: a property per part, "skiboot" -> "v6.3.1".
std::string opal_versions(const Root& root) {
  const std::string folder = "proc/device-tree/ibm,firmware-versions";
  std::vector<std::string> parts;
  for (const std::string& name : root.names(folder)) {
    if (name == "name" || name == "phandle" || parts.size() == kMostVersions) continue;
    if (const std::string version = text_of(root, folder + "/" + name); !version.empty())
      parts.push_back(name + " " + version);
  }
  return join(parts, ", ");
}

std::string dmi_versions(const Root& root) {
  std::vector<std::string> parts;
  for (const char* name : {"bios_vendor", "bios_version", "bios_date"})
    if (const std::string text = text_of(root, std::string("sys/class/dmi/id/") + name); !text.empty())
      parts.push_back(text);
  return join(parts, " ");
}

// "Mitigation: Retpolines; IBPB: ..." -> "Retpolines".
std::string first_measure(std::string_view state) {
  const std::size_t colon = state.find(": ");
  if (colon != std::string_view::npos) state.remove_prefix(colon + 2);
  return std::string(trim(state.substr(0, state.find_first_of(";,"))));
}

std::string under_kvm_or_powervm(const Root& root) {
  if (text_of(root, "proc/device-tree/model").find("qemu") != std::string::npos)
    return "QEMU (emulated pSeries)";
  const bool kvm = text_of(root, "proc/device-tree/hypervisor/compatible").find("kvm") != std::string::npos;
  return kvm ? "KVM" : "PowerVM";
}

std::string x86_hypervisor(const Root& root) {
  const std::string vendor = text_of(root, "sys/class/dmi/id/sys_vendor");
  return vendor.empty() ? "yes, of an unknown kind" : "yes, of " + vendor;
}

std::string container(const Root& root) {
  if (root.exists(".dockerenv")) return "docker";
  if (root.exists("run/.containerenv")) return "podman";
  return text_of(root, "run/systemd/container");
}

}  // namespace

std::string hypervisor(const Root& root, const CpuInfo& info) {
  if (const std::string type = text_of(root, "sys/hypervisor/type"); !type.empty()) return type;
  if (in_partition(info)) return under_kvm_or_powervm(root);
  if (const std::string tree = text_of(root, "proc/device-tree/hypervisor/compatible"); !tree.empty())
    return tree;
  return info.has_flag("hypervisor") ? x86_hypervisor(root) : "";
}

void add_firmware(FactList& facts, const Root& root) {
  std::string version = opal_versions(root);
  for (const char* path :
       {"proc/device-tree/openprom/ibm,fw-vernum_encoded", "proc/device-tree/openprom/model"})
    if (version.empty()) version = text_of(root, path);
  facts.add("firmware", version.empty() ? dmi_versions(root) : version);
}

void add_mitigations(FactList& facts, const Root& root) {
  const std::string folder = "sys/devices/system/cpu/vulnerabilities";
  std::vector<std::string> mitigated, vulnerable;
  for (const std::string& name : root.names(folder)) {
    const std::string state = text_of(root, folder + "/" + name);
    if (state.starts_with("Mitigation")) mitigated.push_back(name + " (" + first_measure(state) + ")");
    if (state.starts_with("Vulnerable")) vulnerable.push_back(name);
  }
  facts.add("mitigations", join(mitigated, ", "));
  facts.add("vulnerable", join(vulnerable, ", "));
}

void add_hypervisor(FactList& facts, const Root& root, const CpuInfo& info) {
  facts.add("hypervisor", hypervisor(root, info));
}

void add_container(FactList& facts, const Root& root) {
  facts.add("container", container(root));
  const CgroupLimits limits = cgroup_limits(root);
  if (limits.cpus) facts.add("cgroup_cpu_limit", fmt::format("{:.4g} CPUs", *limits.cpus));
  facts.add("cgroup_cpus", limits.cpu_list);
  if (limits.memory_bytes)
    facts.add("cgroup_memory_limit", fmt::format("{:.0f} MiB", *limits.memory_bytes / (1 << 20)));
}

}  // namespace pw
