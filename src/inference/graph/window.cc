// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/graph/window.h"

#include <fmt/format.h>

#include <algorithm>

namespace pw::inference {
namespace {

constexpr std::int64_t kMost = 4096;  // of a kernel's size, a stride, a dilation, a pad

bool within(const std::vector<std::int64_t>& values, std::int64_t least) {
  return std::all_of(values.begin(), values.end(),
                     [least](std::int64_t value) { return value >= least && value <= kMost; });
}

// An attribute of `size` numbers from `least` on; all `otherwise` where it is left out.
Result<std::vector<std::int64_t>> read_numbers(const Node& node, const std::string& attribute,
                                               std::size_t size, std::int64_t least, std::int64_t otherwise) {
  std::vector<std::int64_t> values = node.integers(attribute);
  if (values.empty()) values.assign(size, otherwise);
  if (values.size() != size || !within(values, least))
    return fail_node(node, fmt::format("{} is not {} numbers from {} to {}", attribute, size, least, kMost));
  return values;
}

// As much padding as gives ceil(input / stride) positions; the odd one at the end (SAME_UPPER) or the
// beginning.
void pad_same(Window& window, std::size_t axis, std::int64_t reach, std::int64_t input, bool upper) {
  const std::int64_t positions = (input + window.stride[axis] - 1) / window.stride[axis];
  const std::int64_t total = std::max<std::int64_t>(0, (positions - 1) * window.stride[axis] + reach - input);
  window.pad_begin[axis] = upper ? total / 2 : total - total / 2;
  window.pad_end[axis] = total - window.pad_begin[axis];
}

void count_positions(Window& window, std::size_t axis, std::int64_t reach, std::int64_t input, bool ceil) {
  const std::int64_t stride = window.stride[axis];
  const std::int64_t room = input + window.pad_begin[axis] + window.pad_end[axis] - reach;
  std::int64_t& output = window.output[axis];
  output = room < 0 ? 0 : room / stride + 1;
  if (!ceil || room < 0) return;
  output = (room + stride - 1) / stride + 1;
  if ((output - 1) * stride >= input + window.pad_begin[axis]) --output;  // no window starts past the end
  const std::int64_t wanted = (output - 1) * stride + reach - input - window.pad_begin[axis];
  window.pad_end[axis] = std::max(window.pad_end[axis], wanted);
}

}  // namespace

Result<Window> read_window(const Node& node, std::array<std::int64_t, 2> kernel,
                           std::array<std::int64_t, 2> input) {
  const auto strides = read_numbers(node, "strides", 2, 1, 1);
  if (!strides) return pass_on(strides);
  const auto dilations = read_numbers(node, "dilations", 2, 1, 1);
  if (!dilations) return pass_on(dilations);
  const auto pads = read_numbers(node, "pads", 4, 0, 0);
  if (!pads) return pass_on(pads);
  const std::string auto_pad = node.text("auto_pad", "NOTSET");
  const bool same = auto_pad == "SAME_UPPER" || auto_pad == "SAME_LOWER";
  if (!same && auto_pad != "NOTSET" && auto_pad != "VALID")
    return fail_node(node, fmt::format("auto_pad '{}' is not supported", auto_pad));
  if (!within({kernel.begin(), kernel.end()}, 1))
    return fail_node(node, fmt::format("a kernel of {}x{}", kernel[0], kernel[1]));
  Window window;
  window.kernel = kernel;
  for (std::size_t axis = 0; axis < 2; ++axis) {
    window.stride[axis] = (*strides)[axis];
    window.dilation[axis] = (*dilations)[axis];
    const std::int64_t reach = (kernel[axis] - 1) * window.dilation[axis] + 1;
    if (auto_pad == "NOTSET") {
      window.pad_begin[axis] = (*pads)[axis];
      window.pad_end[axis] = (*pads)[axis + 2];
    } else if (same) {
      pad_same(window, axis, reach, input[axis], auto_pad == "SAME_UPPER");
    }
    count_positions(window, axis, reach, input[axis], node.integer("ceil_mode", 0) != 0);
    if (window.output[axis] < 1)
      return fail_node(node, fmt::format("a kernel of {}x{} does not fit into an input of {}x{}", kernel[0],
                                         kernel[1], input[0], input[1]));
  }
  return window;
}

}  // namespace pw::inference
