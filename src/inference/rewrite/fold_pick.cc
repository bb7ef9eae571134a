// SPDX-License-Identifier: GPL-3.0-or-later
// Constants out of constants by picking elements: Concat, Gather, Slice, Transpose, and other dimensions.
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>

#include "inference/graph/node_readers.h"
#include "inference/graph/shapes.h"
#include "inference/rewrite/fold.h"

namespace pw::inference {
namespace {

constexpr std::int64_t kMostPicked = std::int64_t{1} << 24;  // of a result larger than its largest input

// The elements of `from` at `places`, row-major.
Tensor pick(const Tensor& from, const Dims& dims, const std::vector<std::int64_t>& places) {
  Tensor to{dims, {}, {}};
  for (const std::int64_t place : places) {
    const auto at = static_cast<std::size_t>(place);
    if (is_float(from))
      to.floats.push_back(from.floats[at]);
    else
      to.integers.push_back(from.integers[at]);
  }
  return to;
}

// For every element of a tensor of `dims`: what `place` gives for its index in each dimension, added up.
template <class Place>
std::vector<std::int64_t> places_of(const Dims& dims, const Place& place) {
  const std::int64_t count = tensor_size(dims);
  std::vector<std::int64_t> places;
  Dims index(dims.size(), 0);
  for (std::int64_t i = 0; i < count; ++i) {
    std::int64_t sum = 0;
    for (std::size_t axis = 0; axis < dims.size(); ++axis) sum += place(axis, index[axis]);
    places.push_back(sum);
    for (std::size_t axis = dims.size(); axis-- > 0 && ++index[axis] == dims[axis];) index[axis] = 0;
  }
  return places;
}

Dims strides_of(const Dims& dims) {
  Dims strides(dims.size(), 1);
  for (std::size_t i = dims.size(); i-- > 1;) strides[i - 1] = strides[i] * dims[i];
  return strides;
}

tl::unexpected<Error> too_large(const Node& node, const Dims& dims) {
  return fail_node(node, fmt::format("its result of {} is too large", dims_text(dims)));
}

struct Cut {
  std::int64_t start = 0, step = 1, count = 0;
};

// As NumPy's x[start:end:step] for a dimension of that size.
Cut cut_of(std::int64_t start, std::int64_t end, std::int64_t step, std::int64_t size) {
  if (size == 0) return {0, step, 0};
  const std::int64_t least = step > 0 ? 0 : -1, most = step > 0 ? size : size - 1;
  start = std::clamp(start < 0 ? start + size : start, std::max<std::int64_t>(least, 0), most);
  end = std::clamp(end < 0 ? end + size : end, least, most);
  const std::int64_t room = step > 0 ? end - start : start - end, stride = step > 0 ? step : -step;
  return {start, step, room > 0 ? (room - 1) / stride + 1 : 0};
}

struct SliceNumbers {
  Dims starts, ends, axes, steps;
};

// Attributes up to opset 9, then inputs.
Result<SliceNumbers> read_slice(const Node& node, const std::vector<const Tensor*>& x) {
  const auto numbers = [&](std::size_t input, const char* attribute) {
    if (input < x.size() && x[input]) return x[input]->integers;
    return node.integers(attribute);
  };
  SliceNumbers read{numbers(1, "starts"), numbers(2, "ends"), numbers(3, "axes"), numbers(4, "steps")};
  if (read.axes.empty()) {
    read.axes.resize(read.starts.size());
    std::iota(read.axes.begin(), read.axes.end(), 0);
  }
  if (read.steps.empty()) read.steps.assign(read.starts.size(), 1);
  const std::size_t count = read.starts.size();
  constexpr std::int64_t kMostStep = std::int64_t{1} << 40;
  const auto usable = [](std::int64_t step) { return step != 0 && step > -kMostStep && step < kMostStep; };
  if (read.ends.size() != count || read.axes.size() != count || read.steps.size() != count ||
      !std::all_of(read.steps.begin(), read.steps.end(), usable))
    return fail_node(node, "its starts, ends, axes and steps do not fit together");
  return read;
}

}  // namespace

Result<Tensor> fold_slice(const Graph&, const Node& node, const std::vector<const Tensor*>& x) {
  const auto numbers = read_slice(node, x);
  if (!numbers) return pass_on(numbers);
  const Dims& from = x[0]->dims;
  const Dims strides = strides_of(from);
  std::vector<Cut> cuts;
  for (const std::int64_t size : from) cuts.push_back({0, 1, size});
  for (std::size_t i = 0; i < numbers->starts.size(); ++i) {
    const auto axis = checked_axis(node, numbers->axes[i], from.size());
    if (!axis) return pass_on(axis);
    cuts[*axis] = cut_of(numbers->starts[i], numbers->ends[i], numbers->steps[i], from[*axis]);
  }
  Dims to;
  for (const Cut& cut : cuts) to.push_back(cut.count);
  return pick(*x[0], to, places_of(to, [&](std::size_t axis, std::int64_t i) {
    return (cuts[axis].start + i * cuts[axis].step) * strides[axis];
  }));
}

Result<Tensor> fold_transpose(const Graph& graph, const Node& node, const std::vector<const Tensor*>& x) {
  const Dims& from = x[0]->dims;
  const auto order = read_order(node, from.size());
  const auto to = transpose_shape(graph, node, {from});
  if (!order || !to) return pass_on(to);
  const Dims strides = strides_of(from);
  return pick(*x[0], *to, places_of(*to, [&](std::size_t axis, std::int64_t i) {
    return i * strides[static_cast<std::size_t>((*order)[axis])];
  }));
}

Result<Tensor> fold_gather(const Graph&, const Node& node, const std::vector<const Tensor*>& x) {
  const Dims& from = x[0]->dims;
  const auto axis = checked_axis(node, node.integer("axis", 0), from.size());
  if (!axis) return pass_on(axis);
  const std::int64_t size = from[*axis];
  Dims indices = x[1]->integers;
  for (std::int64_t& index : indices) {
    if (index < -size || index >= size)
      return fail_node(node, fmt::format("index {} of {} elements", index, size));
    index += index < 0 ? size : 0;
  }
  const auto split = from.begin() + static_cast<std::ptrdiff_t>(*axis);
  Dims flat(from.begin(), split), to = flat;  // `flat` has the indices in one dimension
  flat.push_back(std::ssize(indices));
  to.insert(to.end(), x[1]->dims.begin(), x[1]->dims.end());
  for (Dims* dims : {&flat, &to}) dims->insert(dims->end(), split + 1, from.end());
  if (const std::int64_t count = tensor_size(flat);
      count < 0 || count > kMostPicked || tensor_size(to) != count)
    return too_large(node, flat);
  const Dims strides = strides_of(from);
  return pick(*x[0], to, places_of(flat, [&](std::size_t at, std::int64_t i) {
    return (at == *axis ? indices[static_cast<std::size_t>(i)] : i) * strides[at];
  }));
}

Result<Tensor> fold_concat(const Graph& graph, const Node& node, const std::vector<const Tensor*>& x) {
  std::vector<Dims> shapes;
  for (const Tensor* tensor : x) {
    if (!tensor) return fail_node(node, "an input is missing");
    shapes.push_back(tensor->dims);
  }
  const auto to = concat_shape(graph, node, shapes);
  if (!to) return pass_on(to);
  if (const std::int64_t count = tensor_size(*to); count < 0 || count > kMostPicked)
    return too_large(node, *to);
  const auto axis = checked_axis(node, node.integer("axis", 1), to->size());
  if (!axis) return pass_on(axis);
  const auto before = std::accumulate(to->begin(), to->begin() + static_cast<std::ptrdiff_t>(*axis),
                                      std::int64_t{1}, std::multiplies<>());
  Tensor made{*to, {}, {}};
  const auto append = [before](auto& all, const auto& part, std::int64_t row) {
    const std::int64_t length = std::ssize(part) / before;
    all.insert(all.end(), part.begin() + row * length, part.begin() + (row + 1) * length);
  };
  for (std::int64_t row = 0; row < before; ++row)
    for (const Tensor* part : x) {
      append(made.floats, part->floats, row);
      append(made.integers, part->integers, row);
    }
  if (!made.floats.empty() && !made.integers.empty()) return fail_node(node, "floats and integers together");
  return made;
}

Result<Tensor> fold_view(const Graph& graph, const Node& node, const std::vector<const Tensor*>& x) {
  const ShapeRule* rule = find_shape_rule(node.op);
  const auto dims = rule->dims(graph, node, {x[0]->dims});
  if (!dims) return pass_on(dims);
  if (tensor_size(*dims) != tensor_size(x[0]->dims))
    return fail_node(node, fmt::format("{} cannot become {}", dims_text(x[0]->dims), dims_text(*dims)));
  return Tensor{*dims, x[0]->floats, x[0]->integers};
}

}  // namespace pw::inference
