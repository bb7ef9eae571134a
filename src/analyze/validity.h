// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "model/power_analysis.h"
#include "model/recording.h"

namespace pw {

// Each channel against the rules of docs/method.md, "Validity".
std::vector<Validity> validity(const Recording& recording, std::span<const EnergyRow> energy);

}  // namespace pw
