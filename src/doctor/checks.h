// SPDX-License-Identifier: GPL-3.0-or-later
// The single checks. Each looks, and changes nothing.
#pragma once

#include <string>
#include <vector>

#include "doctor/check_result.h"
#include "os/root.h"

namespace pw {

CheckResult check_perf_events();
CheckResult check_hardware_events();
CheckResult check_floor();
CheckResult check_watchdog();
CheckResult check_gnuplot();
CheckResult check_model();
std::vector<CheckResult> check_power();

// Why a counter of PowerVM's hypervisor is refused here; "": it counts.
std::string hypervisor_counter_refusal();

// A partition's hypervisor counters, its processor time and its power; none where this is no partition.
// `refusal`: as that above.
std::vector<CheckResult> check_partition(const Root& root, std::string (*refusal)());

}  // namespace pw
