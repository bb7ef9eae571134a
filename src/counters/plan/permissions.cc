// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/plan/permissions.h"

#include <unistd.h>

#include <system_error>

#include "base/text.h"
#include "os/perf_event.h"

namespace pw {
namespace {

constexpr std::uint64_t kSysAdmin = std::uint64_t{1} << 21, kPerfmon = std::uint64_t{1} << 38;

std::string field_of_status(const Root& root, std::string_view key) {
  for (const std::string& line : split(root.text("proc/self/status").value_or(""), '\n'))
    if (line.starts_with(key)) return std::string(trim(std::string_view(line).substr(key.size())));
  return "";
}

// Capabilities of a user namespace are none of the machine.
bool of_the_machine(const Root& root) {
  const auto map = root.text("proc/self/uid_map");
  return !map || (split(*map, '\n').size() == 1 && map->ends_with(" 4294967295"));
}

}  // namespace

Permissions permissions(const Root& root) {
  const std::uint64_t capabilities = parse_hex(field_of_status(root, "CapEff:")).value_or(0);
  const bool capable = (capabilities & (kSysAdmin | kPerfmon)) != 0;
  const bool filter = field_of_status(root, "Seccomp:") == "2" && perf_event_paranoid(root);
  return {::geteuid() == 0, capable && of_the_machine(root),
          filter ? PerfEvent::answers_before_the_kernel() : 0};
}

std::string filter_reason(int error) {
  return "a seccomp filter refuses perf_event_open (" + std::generic_category().message(error) +
         "), as that of containers does: start it with --cap-add PERFMON";
}

}  // namespace pw
