// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/machine.h"

#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "os/file.h"

namespace pw {
namespace {

// The value of the first "key : value" line of /proc/cpuinfo with one of these keys.
std::optional<std::string> cpuinfo(const Root& root, std::initializer_list<std::string_view> keys) {
  const std::optional<std::string> text = root.text("proc/cpuinfo");
  if (!text) return std::nullopt;
  for (const std::string_view key : keys) {
    for (const std::string& line : split(*text, '\n')) {
      const std::size_t colon = line.find(':');
      if (colon != std::string::npos && trim(std::string_view(line).substr(0, colon)) == key)
        return std::string(trim(std::string_view(line).substr(colon + 1)));
    }
  }
  return std::nullopt;
}

std::optional<std::string> first_text(const Root& root, std::initializer_list<const char*> paths) {
  for (const char* path : paths)
    if (const auto text = root.text(path)) return text;
  return std::nullopt;
}

std::optional<std::string> memory(const Root& root) {
  const auto text = root.text("proc/meminfo");
  return text ? std::optional(std::string(trim(split(*text, '\n').front().substr(9)))) : std::nullopt;
}

}  // namespace

Machine describe_machine(const Root& root) {
  Machine machine;
  const auto add = [&](const char* key, const std::optional<std::string>& value) {
    if (value && !value->empty()) machine.push_back({key, printable(*value)});
  };
  utsname names{};
  ::uname(&names);
  add("hostname", names.nodename);
  add("arch", names.machine);
  add("cpu_model", cpuinfo(root, {"model name", "cpu"}));
  add("cpu_revision", cpuinfo(root, {"revision"}));
  add("platform", cpuinfo(root, {"platform"}));
  add("system", first_text(root, {"proc/device-tree/model", "sys/class/dmi/id/product_name"}));
  add("cpus_online", root.text("sys/devices/system/cpu/online"));
  add("smt", first_text(root, {"sys/devices/system/cpu/smt/control"}));
  add("governor", root.text("sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"));
  add("memory", memory(root));
  add("kernel", std::string(names.sysname) + " " + names.release);
  add("perf_event_paranoid", root.text("proc/sys/kernel/perf_event_paranoid"));
  add("nmi_watchdog", root.text("proc/sys/kernel/nmi_watchdog"));
  add("hypervisor", root.text("sys/hypervisor/type"));
  return machine;
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
