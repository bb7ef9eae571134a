// SPDX-License-Identifier: GPL-3.0-or-later
// Constants of an ONNX file.
#pragma once

#include <string>

#include "base/result.h"
#include "inference/graph/graph.h"
#include "inference/onnx/proto.h"

namespace pw::inference {

// "float16"; the number where ONNX has none of it.
std::string type_name(int data_type);

// float32 and float64 become floats; int32, int64 and bool become integers. Errors (Failure::input) name the
// tensor: another data type, data in another file, data that are not as many as its shape says.
Result<Tensor> read_tensor(const onnx::TensorProto& proto, const std::string& name);

}  // namespace pw::inference
