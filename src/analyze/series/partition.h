// SPDX-License-Identifier: GPL-3.0-or-later
// How much CPU time an execution was given by the hypervisor, out of what was read before and after it.
// docs/method.md has the formulas.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "model/recording.h"

namespace pw {

// A number, or why it is unknown.
using Known = tl::expected<double, std::string>;
inline std::optional<double> or_nothing(const Known& known) {
  return known ? std::optional(*known) : std::nullopt;
}

// Cores that ran this partition, on average: by lparcfg, else by the PURRs of its CPUs.
Known cores_consumed(const Recording& recording, const Execution& execution);
// The same times the execution's elapsed time: core-seconds.
Known core_seconds(const Recording& recording, const Execution& execution);
// cores_consumed in percent of what the partition is entitled to.
Known entitlement_share(const Recording& recording, const Execution& execution);
// Seconds in which CPUs of this machine had something to run and the hypervisor ran others; a tick is 10 ms.
Known steal_seconds(const Recording& recording, const Execution& execution);
// MHz: that of the time in which its CPUs ran.
Known effective_frequency(const Recording& recording, const Execution& execution);
// How often the hypervisor began to run its CPUs, and how often on another core than before.
Known dispatches(const Recording& recording, const Execution& execution);
Known dispersions(const Recording& recording, const Execution& execution);

struct GivenQuantity {
  std::string_view name, column, unit;
  Known (*value)(const Recording&, const Execution&);
};
// All but core_seconds, as the exports call them.
std::span<const GivenQuantity> given_quantities();
// Those that can be said something of on the recorded machine.
bool has_quantity(const Recording& recording, const GivenQuantity& quantity);

// Why its values may be none though they are known: "" where nothing speaks for that.
std::string doubt_of(const Recording& recording, const GivenQuantity& quantity);

// Whether it ran under a hypervisor.
bool under_hypervisor(const Recording& recording);

struct GivenWarning {
  std::string rule;  // the finding that is of the same thing
  std::string text;
};
// Tests whose steal is above 1 % of their CPU time, tests of a capped partition that used up its entitlement,
// a processor in a compatibility mode.
std::vector<GivenWarning> given_warnings(const Recording& recording);

}  // namespace pw
