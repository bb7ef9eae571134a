// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/units.h"

namespace pw {

// CLOCK_MONOTONIC.
Nanoseconds monotonic_now();

// How long the machine was suspended since it was started: CLOCK_BOOTTIME less CLOCK_MONOTONIC.
Nanoseconds time_suspended();

// CLOCK_REALTIME, seconds since 1970.
double wall_clock_unix_s();

// CPU time of all threads of this process.
Seconds process_cpu_time();

// CPU time of the calling thread.
Seconds thread_cpu_time();

}  // namespace pw
