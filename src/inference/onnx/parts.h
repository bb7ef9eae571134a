// SPDX-License-Identifier: GPL-3.0-or-later
// An ONNX file in one pass: weight by weight, so that none is in memory twice for longer than it is read.
#pragma once

#include <google/protobuf/io/zero_copy_stream.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "inference/graph/graph.h"
#include "inference/onnx/proto.h"

namespace pw::inference {

struct OnnxParts {
  onnx::ModelProto model;                               // without the initializers of its graph
  std::vector<std::pair<std::string, Tensor>> weights;  // those
  std::optional<Error> refused;                         // why the first of them that is not there is not
};

// Nothing where it is no ONNX file, or a broken or incomplete one.
std::optional<OnnxParts> read_parts(google::protobuf::io::ZeroCopyInputStream& stream);

}  // namespace pw::inference
