// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/cgroup.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"

namespace pw {
namespace {

constexpr const char* kMount = "sys/fs/cgroup";
constexpr double kNoLimit = 0x1p62;  // version 1 has no word for it, but a number that no machine has

// The path of this process in the hierarchy of `controller` ("": version 2); "" where there is none.
std::string path_in(const Root& root, const std::string& controller) {
  for (const std::string& line : split(root.text("proc/self/cgroup").value_or(""), '\n')) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos || line.find("..") != std::string::npos) continue;
    const std::vector<std::string> controllers =
        split(std::string_view(line).substr(first + 1, second - first - 1), ',');
    if (std::ranges::find(controllers, controller) != controllers.end()) return line.substr(second + 1);
  }
  return "";
}

// Its group and those above it, up to the one that it sees as the root. In a container the path may be that
// of the host, which is not there.
std::vector<std::string> folders_in(const Root& root, const std::string& mount,
                                    const std::string& controller) {
  std::vector<std::string> folders;
  std::string path = path_in(root, controller);
  if (path.empty()) return folders;
  for (; path.size() > 1; path = path.substr(0, path.rfind('/'))) folders.push_back(mount + path + "/");
  folders.push_back(mount + "/");
  return folders;
}

void keep_least(std::optional<double>& least, const std::optional<double>& value) {
  if (value) least = std::min(least.value_or(*value), *value);
}

std::optional<double> number_in(const Root& root, const std::string& file) {
  return parse_number(root.text(file).value_or(""));
}

// "QUOTA PERIOD" in microseconds, or "max PERIOD".
std::optional<double> cpus_2(const Root& root, const std::string& folder) {
  const std::vector<std::string> parts = split(root.text(folder + "cpu.max").value_or(""), ' ');
  if (parts.size() != 2) return std::nullopt;
  const auto quota = parse_number(parts[0]), period = parse_number(parts[1]);
  return quota && period && *period > 0 ? std::optional(*quota / *period) : std::nullopt;
}

// Quota -1: none.
std::optional<double> cpus_1(const Root& root, const std::string& folder) {
  const auto quota = number_in(root, folder + "cpu.cfs_quota_us");
  const auto period = number_in(root, folder + "cpu.cfs_period_us");
  return quota && period && *quota > 0 && *period > 0 ? std::optional(*quota / *period) : std::nullopt;
}

void take_cpus(CgroupLimits& limits, const std::string& folder, const std::optional<double>& cpus) {
  keep_least(limits.cpus, cpus);
  if (cpus) limits.throttled.push_back(folder + "cpu.stat");
}

void take_list(CgroupLimits& limits, const Root& root, const std::string& file) {
  const auto list = root.text(file);
  if (!limits.cpu_list && list && !list->empty()) limits.cpu_list = list;
}

void take_version_2(CgroupLimits& limits, const Root& root) {
  const bool alone = root.exists(std::string(kMount) + "/cgroup.controllers");
  for (const std::string& folder : folders_in(root, std::string(kMount) + (alone ? "" : "/unified"), "")) {
    take_cpus(limits, folder, cpus_2(root, folder));
    keep_least(limits.memory_bytes, number_in(root, folder + "memory.max"));
    take_list(limits, root, folder + "cpuset.cpus.effective");
  }
}

void take_version_1(CgroupLimits& limits, const Root& root) {
  const auto folders = [&](const std::string& controller) {
    return folders_in(root, std::string(kMount) + "/" + controller, controller);
  };
  for (const std::string& folder : folders("cpu")) take_cpus(limits, folder, cpus_1(root, folder));
  for (const std::string& folder : folders("memory")) {
    const auto bytes = number_in(root, folder + "memory.limit_in_bytes");
    if (bytes && *bytes < kNoLimit) keep_least(limits.memory_bytes, bytes);
  }
  for (const std::string& folder : folders("cpuset"))
    for (const char* name : {"cpuset.effective_cpus", "cpuset.cpus"}) take_list(limits, root, folder + name);
}

}  // namespace

CgroupLimits cgroup_limits(const Root& root) {
  CgroupLimits limits;
  take_version_2(limits, root);
  take_version_1(limits, root);
  return limits;
}

std::optional<long> throttled_periods(const Root& root, const std::string& file) {
  constexpr std::string_view kKey = "nr_throttled ";
  for (const std::string& line : split(root.text(file).value_or(""), '\n'))
    if (line.starts_with(kKey))
      if (const auto count = parse_integer(std::string_view(line).substr(kKey.size()))) return *count;
  return std::nullopt;
}

}  // namespace pw
