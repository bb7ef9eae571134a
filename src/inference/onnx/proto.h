// SPDX-License-Identifier: GPL-3.0-or-later
// The ONNX messages.
#pragma once

#include <onnx/onnx_pb.h>

#include <bit>

namespace pw::inference {

// raw_data is little-endian and is taken as it is.
static_assert(std::endian::native == std::endian::little, "ONNX raw_data needs swapping on this machine");

}  // namespace pw::inference
