// SPDX-License-Identifier: GPL-3.0-or-later
// A graph that was written for one image, for several at once.
#pragma once

#include "base/result.h"
#include "inference/graph/graph.h"

namespace pw::inference {

// Makes the first dimension of the input `batch` images, as parse_onnx() gave the graph and before fuse(). A
// Reshape that names the old batch as the first dimension of its result means the new one. Checked by the
// shapes of all tensors at both sizes: errors (Failure::input) name the first node whose result does not have
// one row per image (a Transpose, Concat or mean over the batch, a Reshape that mixes the images, a tensor of
// fewer dimensions that is repeated over them), and
// operators that are not supported. The graph is then unusable. One that has this batch already stays as it
// is, unchecked: whether its result has a row per image is the network's question. What it cannot do: tell a
// constant of one row from one that is meant for a batch of one (it is repeated for each image), or a model
// that was exported with a batch in other constants than those of Reshape.
Result<> set_batch(Graph& graph, std::int64_t batch);

}  // namespace pw::inference
