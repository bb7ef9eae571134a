// SPDX-License-Identifier: GPL-3.0-or-later
// Readings that are no watts: what sensors tell instead of "no value", and what cannot be.
// docs/power-sources.md, "No value".
#pragma once

#include <string>

#include "model/power.h"

namespace pw {

// Why `watts` of a channel is no value; "" where it is one. `source`: PowerSource::name of its reader.
std::string why_no_value(const std::string& source, const Channel& channel, Watts watts);

}  // namespace pw
