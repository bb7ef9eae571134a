// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "analyze/attribution/energy_reading.h"
#include "model/recording.h"

namespace pw {

// What each region of an execution ran by itself until `end`, out of its log in order: at each time the
// region of a thread that began last. Times since `start`; in the order of the begins.
std::vector<RegionStretch> stretches_of(const ExecutionRegions& regions, Nanoseconds start, Nanoseconds end);

}  // namespace pw
