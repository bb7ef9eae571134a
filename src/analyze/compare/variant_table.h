// SPDX-License-Identifier: GPL-3.0-or-later
// The variants of a recording beside each other, and each against another of them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "analyze/analysis.h"
#include "analyze/compare/best_variant.h"
#include "analyze/compare/decide.h"
#include "model/recording.h"

namespace pw {

struct VariantLine {
  std::string label;
  std::size_t reference = 0;                            // index of the line that it is compared with; its own
  std::size_t tests = 0, failed = 0;                    // failed: executions, warm-ups too
  std::optional<Statistics> elapsed;                    // s
  std::string why_no_time, why_no_energy;               // where there is none
  std::optional<double> energy, energy_error;           // J; net, per item where there are items; 95 %
  std::optional<ComparedRow> time_ratio, energy_ratio;  // against the reference, which has none
};

struct VariantTable {
  std::string energy_of;  // "occ/system"; "": no power was measured
  bool per_item = false;  // energy, and the times that are compared
  Basis basis = Basis::interleaved;
  std::vector<VariantLine> lines;
  BestVariants best;
};

// `references`: variant_references().
VariantTable variant_table(const Recording& recording, const Analysis& analysis,
                           const std::vector<std::size_t>& references);

}  // namespace pw
