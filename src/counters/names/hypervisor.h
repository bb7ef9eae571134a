// SPDX-License-Identifier: GPL-3.0-or-later
// The PMUs hv_gpci and hv_24x7 of a partition, whose counters PowerVM's hypervisor keeps: for the whole
// machine, and not for a task. A reading that the hypervisor refuses is 0 to the kernel.
#pragma once

#include <string_view>

#include "counters/names/event_request.h"
#include "os/root.h"

namespace pw {

inline constexpr std::string_view kGpci = "hv_gpci", k24x7 = "hv_24x7";

// Of an event "PMU/terms/" of these PMUs: on which CPU it is counted where the PMU does not say, and which
// counter tells whether a 0 of it was read. No other event is changed.
void complete_hypervisor_event(EventRequest& request, std::string_view text, const Root& root);

}  // namespace pw
