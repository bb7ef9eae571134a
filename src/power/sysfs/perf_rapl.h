// SPDX-License-Identifier: GPL-3.0-or-later
// RAPL through the kernel's PMU "power": for those who may count whole CPUs, but not read powercap's files.
#pragma once

#include <linux/perf_event.h>

#include <functional>
#include <memory>
#include <string>
#include <tl/expected.hpp>

#include "base/result.h"
#include "os/root.h"
#include "power/reader/power_kind.h"
#include "power/reader/power_reader.h"

namespace pw {

extern const PowerKind kPerfRaplPower;

// Reads one counter that is open on one CPU; the error is the errno.
using CounterRead = std::function<tl::expected<std::uint64_t, int>()>;
using CounterOpen = std::function<tl::expected<CounterRead, int>(const perf_event_attr& attr, int cpu)>;

Result<std::unique_ptr<PowerReader>> open_perf_rapl(const Root& root, double rate_hz,
                                                    const CounterOpen& open);

// By perf_event_open(2).
tl::expected<CounterRead, int> open_cpu_counter(const perf_event_attr& attr, int cpu);

}  // namespace pw
