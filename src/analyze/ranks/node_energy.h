// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "analyze/ranks/rank_values.h"

namespace pw {

// "hwmon/power1, whole machine".
std::string sensor_name(const std::string& source, const std::string& channel, const std::string& scope);

// By rank, the index of its node in RankAnalysis::nodes; -1: not known.
std::vector<int> nodes_by_rank(const RankAnalysis& analysis);

// Fills in what the nodes drew, and their sum. `run_node`: what perfwatt run read on its own node, as a
// RankNode's fields are.
void add_node_energies(RankAnalysis& analysis, const Recording& recording, const RankNode& run_node);

}  // namespace pw
