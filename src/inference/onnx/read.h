// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX files in.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "inference/graph/graph.h"

namespace pw::inference {

// The checked graph of an ONNX file: one input and one output, constants of known types, nodes in order.
// Errors (Failure::input) name the file.
Result<Graph> read_onnx(const std::filesystem::path& path);

// The same from memory; errors do not name a file.
Result<Graph> parse_onnx(std::string_view bytes);

}  // namespace pw::inference
