// SPDX-License-Identifier: GPL-3.0-or-later
// Collectors within Python: python/collect, which Python finds first by PYTHONPATH.
#include "collect/arm.h"

namespace pw {
namespace {

constexpr std::string_view kPath = "PYTHONPATH", kCollect = "PERFWATT_COLLECT";

bool has_start(std::string_view path, std::string_view start) {
  return path == start || (path.starts_with(start) && path[start.size()] == ':');
}

// ';' behind the names: PYTHONPATH was there and empty, which is not the same as none to who looks.
void arm_python(std::string_view name, const std::filesystem::path& folder, CommandEnvironment& environment) {
  const std::string start = (folder / "start").string();
  const std::optional<std::string> path = environment.value(kPath);
  std::string names(name);
  if (path && path->empty()) names += ';';
  if (!path || path->empty()) environment.set(kPath, start);
  if (path && !path->empty() && !has_start(*path, start)) environment.set(kPath, start + ":" + *path);
  environment.set(kCollect, names);
}

}  // namespace

void arm_torch(const std::filesystem::path& folder, CommandEnvironment& environment) {
  arm_python("torch", folder, environment);
}

}  // namespace pw
