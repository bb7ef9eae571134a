// SPDX-License-Identifier: GPL-3.0-or-later
// The energy of one execution on one channel.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/units.h"

namespace pw {

// modelled: out of what a machine that others use too took (analyze/share).
enum class EnergyStatus { measured, not_resolvable, no_data, modelled };

std::string_view to_text(EnergyStatus status);  // "measured", "not-resolvable", "no-data",
                                                // "modelled"

struct EnergyRow {
  int test = 0;         // from 1
  int pass = 0;         // from 1
  int variant = 0;      // Execution::variant
  std::string source;   // "dcmi", or "dcmi (simulated)": shown_name() of the PowerSource
  std::string channel;  // "system"
  Seconds seconds;      // the execution's elapsed time
  std::optional<Joules> gross;
  std::optional<Watts> idle;  // interpolated between the idle windows; nothing: no idle window
  std::optional<Joules> net;  // gross - idle * seconds
  std::optional<Watts> mean;
  std::optional<Watts> peak;              // instantaneous channels
  std::optional<Joules> uncertainty;      // 95 %, of the gross energy
  std::optional<Joules> net_uncertainty;  // 95 %, of the net energy: that of the idle level comes on top
  Joules lasting, net_lasting;            // 95 %, the parts of them that all tests have in common
  double coverage = 0;                    // part of the interval between usable samples, 0 to 1
  std::optional<Joules> gross_per_item;   // where the execution has items
  std::optional<Joules> net_per_item;
  EnergyStatus status = EnergyStatus::no_data;
  std::string reason;  // where status is not `measured`, or where net energy is unknown or uncertain
};

}  // namespace pw
