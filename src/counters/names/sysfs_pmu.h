// SPDX-License-Identifier: GPL-3.0-or-later
// The PMUs that the kernel shows in /sys/bus/event_source/devices, their formats and named events.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "counters/names/event_request.h"
#include "os/root.h"

namespace pw {

// Where the kernel shows its PMUs, under a root.
inline const std::filesystem::path kPmuDevices = "sys/bus/event_source/devices";

// Every PMU, sorted by name.
std::vector<std::string> pmu_names(const Root& root);

// The named events of a PMU, sorted: without .scale, .unit, .snapshot.
std::vector<std::string> pmu_events(const Root& root, const std::string& pmu);

// "pmu/terms/": terms by the PMU's format ("event=0xc0,umask=1"), config=, config1=, config2=, name=, and
// names of its events, with their scale and unit. Errors: Failure::input for an unknown PMU, term or event
// and for a value that does not fit its bits, with what there is.
Result<EventRequest> parse_pmu_event(const Root& root, std::string_view text);

}  // namespace pw
