// SPDX-License-Identifier: GPL-3.0-or-later
// Nodes of an ONNX file.
#pragma once

#include "base/result.h"
#include "inference/graph/graph.h"
#include "inference/onnx/proto.h"

namespace pw::inference {

// Errors name the node: no operator, an attribute twice or of another type than the operators read it as.
Result<Node> read_node(const onnx::NodeProto& proto);

}  // namespace pw::inference
