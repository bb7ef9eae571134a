// SPDX-License-Identifier: GPL-3.0-or-later
// What is said before a measurement begins, on stderr.
#pragma once

#include <string>
#include <vector>

#include "model/power.h"
#include "record/session.h"

namespace pw {

// How often what is run, in which passes and why, with power from where.
void announce(const Session& session);

// OpenedPower::refusals.
void announce_refusal(const std::string& refusal);

void announce_power(const std::vector<PowerSource>& sources);

}  // namespace pw
