// SPDX-License-Identifier: GPL-3.0-or-later
// What changed on the machine while the tests ran.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/recording.h"

namespace pw {

// A key of a state; nothing where it was not known.
std::optional<std::string_view> state_text(const MachineState& state, std::string_view key);
std::optional<double> state_number(const MachineState& state, std::string_view key);

// How much the throttle counts rose during an execution, all together; nothing where none is known.
std::optional<double> throttled(const Execution& execution);

// A sentence with numbers for each of: governor, SMT, online CPUs and entitlement that did not stay the same;
// throttle counts that rose; frequencies before the tests that are more than 5 % apart.
std::vector<std::string> state_changes(const Recording& recording);

}  // namespace pw
