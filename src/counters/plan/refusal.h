// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "counters/names/event_request.h"
#include "model/event.h"

namespace pw {

struct Refusal {
  CountStatus status;
  std::string reason;
};

// Why a counter of PowerVM's hypervisor (names/hypervisor.h) cannot be opened, by the errno. `paranoid`:
// perf_event_paranoid forbids us whole CPUs. Nothing: of another PMU, or for a reason that all have.
std::optional<Refusal> hypervisor_refusal(int error, bool paranoid, const EventRequest& request);

}  // namespace pw
