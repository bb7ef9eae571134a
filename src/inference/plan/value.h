// SPDX-License-Identifier: GPL-3.0-or-later
// A tensor of a planned network: where it is and how it is stored.
#pragma once

#include <cstddef>
#include <dnnl.hpp>

#include "base/result.h"
#include "inference/graph/graph.h"
#include "inference/plan/buffer_pool.h"

namespace pw::inference {

inline constexpr std::size_t kMostDimensions = 6;  // of a tensor

// A tensor: `desc` has its dimensions in ONNX's order and whatever layout suits the kernels.
struct Value {
  dnnl::memory::desc desc;
  BufferPool::Buffer buffer;
  float scale = 1;  // what is stored times this is the number
};

// A row-major layout of these dimensions.
dnnl::memory::desc plain_desc(const Dims& dims);
// The same layout of another type.
dnnl::memory::desc with_type(dnnl::memory::desc desc, dnnl::memory::data_type type);

// An error where the value is not NxCxHxW.
Result<> check_image(const Node& node, const Value& value);

}  // namespace pw::inference
