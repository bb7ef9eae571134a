// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/units.h"

namespace pw {

// CLOCK_MONOTONIC.
Nanoseconds monotonic_now();

// CLOCK_REALTIME, seconds since 1970.
double wall_clock_unix_s();

// CPU time of the calling thread.
Seconds thread_cpu_time();

}  // namespace pw
