// SPDX-License-Identifier: GPL-3.0-or-later
// Fewer operators for the same answer.
#pragma once

#include "inference/graph/graph.h"

namespace pw::inference {

// Rewrites the graph:
// - Identity and Dropout go;
// - BatchNormalization goes into the weights of the Conv before it;
// - Add of a constant per channel goes into the bias of the Conv or MatMul before it (which becomes a Gemm);
// - Add of two tensors becomes the `residual` of the Conv that makes one of them;
// - Relu and Clip become the `clamp` of the node before them;
// - Pad goes into the Conv or, where nothing is negative, the MaxPool after it.
// What does not fit one of these patterns stays as it is.
void fuse(Graph& graph);

}  // namespace pw::inference
