// SPDX-License-Identifier: GPL-3.0-or-later
// What a network's scores can be, whatever the photo.
#pragma once

#include "inference/graph/graph.h"

namespace pw::inference {

// Whether every number of the graph's output is within 0 and 1 by construction: it comes out of a Softmax, a
// Sigmoid or a Clip, by operators that keep it there. Nodes are in order, before fuse().
bool scores_are_probabilities(const Graph& graph);

}  // namespace pw::inference
