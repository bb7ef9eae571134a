// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "base/units.h"

namespace pw::occ {

// How far the samples of a power sensor, whole watts, may be off, by the OCC's name of it. Source: its
// firmware, open-power/occ, amec_sensors_power.c.
Watts rounding_error(std::string_view sensor, bool power10);

}  // namespace pw::occ
