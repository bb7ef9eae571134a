// SPDX-License-Identifier: GPL-3.0-or-later
// Pools over NCHW with vector loops.
#include <algorithm>

#include "inference/blas/operators.h"
#include "inference/graph/window.h"
#include "inference/ground/team.h"
#include "inference/ground/vector_loops.h"
#include "inference/onednn/operators.h"

namespace pw::inference {
namespace {

enum class Pool { maximum, average, average_with_padding };

struct PoolTask {
  const float* x;
  float* y;
  Dims source;
  Window window;
  Pool how;

  // Numbers of the plane, or of the plane with its padding, under each position of an axis.
  std::int64_t under(std::size_t axis, std::int64_t position) const {
    const std::int64_t first = position * window.stride[axis] - window.pad_begin[axis];
    const std::int64_t last = first + window.kernel[axis], size = source[axis + 2];
    if (how == Pool::average_with_padding) return std::min(last, size + window.pad_end[axis]) - first;
    return std::min(last, size) - std::max<std::int64_t>(first, 0);
  }

  void plane(std::int64_t index) const {
    const Plane in{x + index * source[2] * source[3], source[2], source[3]};
    for (std::int64_t row = 0; row < window.output[0]; ++row) {
      float* const out = y + (index * window.output[0] + row) * window.output[1];
      if (how == Pool::maximum) {
        maximum_row(in, window, row, out);
        continue;
      }
      sum_row(in, window, row, out);
      for (std::int64_t q = 0; q < window.output[1]; ++q)
        out[q] /= static_cast<float>(under(0, row) * under(1, q));
    }
  }
};

// No dilation, and something of the plane under every position.
bool is_simple(const Window& w) {
  for (std::size_t axis = 0; axis < 2; ++axis)
    if (w.dilation[axis] != 1 || w.pad_begin[axis] >= w.kernel[axis] || w.pad_end[axis] >= w.kernel[axis])
      return false;
  return true;
}

}  // namespace

Result<Value> plan_pool_blas(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  if (auto image = check_image(node, *source); !image) return pass_on(image);
  const Dims dims = source->desc.dims();
  const std::vector<std::int64_t> kernel = node.integers("kernel_shape");
  const bool average = node.op == "AveragePool", padding = node.integer("count_include_pad", 0) != 0;
  if (kernel.size() != 2 || (average && padding && node.integer("ceil_mode", 0) != 0))
    return plan_pool(planner, node);
  const auto window = read_window(node, {kernel[0], kernel[1]}, {dims[2], dims[3]});
  if (!window || !is_simple(*window)) return plan_pool(planner, node);
  const Value x = planner.row_major(node, *source);
  const Value y = planner.make(plain_desc({dims[0], dims[1], window->output[0], window->output[1]}));
  const PoolTask task{static_cast<const float*>(x.buffer.get()), static_cast<float*>(y.buffer.get()), dims,
                      *window,
                      !average ? Pool::maximum : (padding ? Pool::average_with_padding : Pool::average)};
  planner.add_step({{node.name, node.op, "vector loops", dims, y.desc.dims()}, [task](dnnl::stream&) {
                      parallel_for(task.source[0] * task.source[1],
                                   [&task](std::int64_t index, int) { task.plane(index); });
                    }});
  return y;
}

Result<Value> plan_global_average_pool_blas(Planner& planner, const Node& node) {
  const auto source = planner.value(node, node.input(0));
  if (!source) return source;
  if (auto image = check_image(node, *source); !image) return pass_on(image);
  const Dims dims = source->desc.dims();
  const std::int64_t planes = dims[0] * dims[1], size = dims[2] * dims[3];
  const Value x = planner.row_major(node, *source), y = planner.make(plain_desc({dims[0], dims[1], 1, 1}));
  planner.add_step({{node.name, node.op, "vector loops", dims, y.desc.dims()},
                    [from = static_cast<const float*>(x.buffer.get()),
                     to = static_cast<float*>(y.buffer.get()), planes, size](dnnl::stream&) {
                      for (std::int64_t i = 0; i < planes; ++i)
                        to[i] = sum_of(from + i * size, size) / static_cast<float>(size);
                    }});
  return y;
}

}  // namespace pw::inference
