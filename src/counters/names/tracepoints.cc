// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/names/tracepoints.h"

#include <linux/perf_event.h>

#include <filesystem>

namespace pw {
namespace {

// Where tracefs is mounted, on new kernels and on old ones.
constexpr const char* kMounts[] = {"sys/kernel/tracing", "sys/kernel/debug/tracing"};

std::vector<std::string> names_under(const Root& root, const std::filesystem::path& events) {
  std::vector<std::string> names;
  for (const std::string& system : root.names(events))
    for (const std::string& name : root.names(events / system))
      if (root.exists(events / system / name / "id")) names.push_back(system + ":" + name);
  return names;
}

EventRequest request_for(const std::string& name, long id) {
  EventRequest request;
  request.name = name;
  request.type = PERF_TYPE_TRACEPOINT;
  request.config = static_cast<std::uint64_t>(id);
  request.meaning = "tracepoint of the kernel";
  return request;
}

bool mounted(const Root& root) {
  const std::string mounts = root.text("proc/mounts").value_or("");
  return mounts.find(" tracefs ") != std::string::npos || mounts.find(" debugfs ") != std::string::npos;
}

}  // namespace

std::string why_no_tracepoints(const Root& root) {
  for (const std::filesystem::path mount : kMounts)
    if (!root.names(mount / "events").empty()) return "";
  if (!mounted(root)) return "tracefs is not mounted (sudo mount -t tracefs nodev /sys/kernel/tracing)";
  return "tracefs is readable by root only (sudo mount -o remount,mode=755 /sys/kernel/tracing)";
}

std::optional<EventRequest> find_tracepoint(const Root& root, const std::string& name) {
  const std::size_t colon = name.find(':');
  if (colon == std::string::npos || name.find("::") != std::string::npos) return std::nullopt;
  for (const std::filesystem::path mount : kMounts) {
    const auto id = root.number(mount / "events" / name.substr(0, colon) / name.substr(colon + 1) / "id");
    if (id) return request_for(name, *id);
  }
  return std::nullopt;
}

std::vector<std::string> tracepoint_names(const Root& root) {
  for (const std::filesystem::path mount : kMounts)
    if (auto names = names_under(root, mount / "events"); !names.empty()) return names;
  return {};
}

}  // namespace pw
