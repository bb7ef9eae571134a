// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "model/power.h"

namespace pw {

// Gives each channel of a source a name of its own: what would have that of another has behind it what of the
// two devices' paths tells them apart, "power_meter power1 (hwmon3)"; so has its scope, but for the whole
// machine.
void make_names_distinct(std::vector<Channel>& channels);

}  // namespace pw
