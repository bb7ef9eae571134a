// SPDX-License-Identifier: GPL-3.0-or-later
// What reading the sensors cost the machine. Formulas: docs/method.md.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "analyze/power/curve.h"
#include "analyze/power/energy_row.h"
#include "model/recording.h"

namespace pw {

// What reading a source cost.
struct SamplerCost {
  std::string source;          // shown_name()
  std::optional<double> cpus;  // of its thread: 0.01 is a hundredth of one CPU; nothing: fewer than two
                               // readings, or not recorded
  std::optional<Watts> watts;  // estimated; nothing: what a CPU draws is not known here
};

// What one busy CPU adds to the machine's power: the tests' net energy over their CPU time. `energy`: the
// rows of whole_machine().
std::optional<Watts> watts_per_cpu(const Recording& recording, std::span<const EnergyRow> energy);

SamplerCost sampler_cost(const Recording& recording, std::size_t source, std::optional<Watts> per_cpu);

}  // namespace pw
