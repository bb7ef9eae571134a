// SPDX-License-Identifier: GPL-3.0-or-later
// ONNX's numbers of the types that a Cast may ask for (onnx.proto3, TensorProto.DataType). onnx/tensor.cc
// checks them against ONNX's own.
#pragma once

#include <cstdint>

namespace pw::inference {

enum class DataType : std::int64_t { float32 = 1, int32 = 6, int64 = 7, boolean = 9, float64 = 11 };

}  // namespace pw::inference
