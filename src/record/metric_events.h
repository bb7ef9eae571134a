// SPDX-License-Identifier: GPL-3.0-or-later
// From what -M asks for to events of this machine.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "counters/names/event_names.h"
#include "os/root.h"

namespace pw {

// The CPU whose metrics this machine has: "power9", "x86", ..., "generic".
std::string metrics_cpu_of(const Root& root);

// "cpu/NAME/" as this machine calls it: "cpu_core/NAME/", "armv8_pmuv3_0/NAME/"; other names as they are.
std::string machine_event(const Root& root, const std::string& name);

struct MetricEvents {
  std::vector<EventRequest> requests;
  std::string warning;  // of names that are left out; "": none is
};

// Those of `-e LIST`, or where that is empty cycles, instructions and the four software events; then what `-M
// LIST` needs, with instructions where passes must be joined. A name that nothing here understands is left
// out with a warning, an error where all of them are.
Result<MetricEvents> events_for_metrics(const Root& root, const std::string& events,
                                        const std::string& metrics);

}  // namespace pw
