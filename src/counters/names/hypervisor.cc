// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/names/hypervisor.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/text.h"
#include "counters/names/sysfs_pmu.h"
#include "os/cpu_set.h"

namespace pw {
namespace {

// Counters that rise whatever the machine does, by the begin of their names in sysfs: requests 0x10 and 0x30
// of hv_gpci, and the cycles of a chip's bus or of a core.
struct Rising {
  std::string_view pmu;
  std::string_view name;
};
constexpr Rising kRising[] = {{kGpci, "dispatch_timebase_by_processor"},
                              {kGpci, "run_instruction"},
                              {k24x7, "PM_PB_CYC"},
                              {k24x7, "CPM_CCYC"},
                              {k24x7, "HPM_CCYC"}};

using Parameters = std::map<std::string, std::string, std::less<>>;

// "chip=1" and the like of "hv_24x7/NAME,chip=1/".
Parameters parameters_of(std::string_view text) {
  Parameters found;
  const std::size_t slash = text.find('/');
  for (const std::string& term : split(text.substr(slash + 1, text.size() - slash - 2), ',')) {
    const std::size_t equals = term.find('=');
    if (equals != std::string::npos)
      found[std::string(trim(term.substr(0, equals)))] = term.substr(equals + 1);
  }
  return found;
}

// The event `name`, with what it needs as in `given`, else 0.
Result<EventRequest> with_parameters(const std::string& pmu, const std::string& name, const Parameters& given,
                                     const Root& root) {
  std::string terms = name;
  for (const std::string& term : split(root.text(kPmuDevices / pmu / "events" / name).value_or(""), ',')) {
    const std::string_view text = trim(term);
    if (!text.ends_with("=?")) continue;
    const std::string parameter(text.substr(0, text.size() - 2));
    const auto own = given.find(parameter);
    terms += "," + parameter + "=" + (own == given.end() ? "0" : own->second);
  }
  return parse_pmu_event(root, pmu + "/" + terms + "/");
}

bool same_counter(const EventRequest& a, const EventRequest& b) {
  return a.config == b.config && a.config1 == b.config1 && a.config2 == b.config2;
}

// Nothing: the PMU has no other that always rises.
std::optional<EventConfig> rising_beside(const EventRequest& request, std::string_view text,
                                         const Root& root) {
  const std::vector<std::string> events = pmu_events(root, request.pmu);
  for (const Rising& rising : kRising) {
    const auto name = std::ranges::find_if(
        events, [&](const std::string& event) { return event.starts_with(rising.name); });
    if (rising.pmu != request.pmu || name == events.end()) continue;
    const auto other = with_parameters(request.pmu, *name, parameters_of(text), root);
    if (other && !same_counter(*other, request))
      return EventConfig{other->config, other->config1, other->config2};
  }
  return std::nullopt;
}

}  // namespace

void complete_hypervisor_event(EventRequest& request, std::string_view text, const Root& root) {
  const std::string_view pmu = text.substr(0, text.find('/'));
  if (pmu != kGpci && pmu != k24x7) return;
  request.pmu = pmu;
  if (request.cpus.empty()) {
    const std::vector<int> online = cpus_online(root);
    if (!online.empty()) request.cpus = {online.front()};
  }
  request.rising = rising_beside(request, text, root);
}

}  // namespace pw
