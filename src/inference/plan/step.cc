// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/plan/step.h"

#include <utility>

namespace pw::inference {
namespace {

std::string implementation_of(const dnnl::primitive& primitive) {
  const char* name = nullptr;
  const auto status =
      dnnl_primitive_desc_query(primitive.get_primitive_desc(), dnnl_query_impl_info_str, 0, &name);
  const std::string text = status == dnnl_success && name ? name : "onednn";
  return primitive.get_kind() == dnnl::primitive::kind::reorder ? "reorder " + text : text;
}

Dims dims_of(const Arguments& arguments, int which) {
  const auto found = arguments.find(which);
  return found == arguments.end() ? Dims{} : found->second.get_desc().dims();
}

}  // namespace

Step onednn_step(const Node& node, const dnnl::primitive& primitive, Arguments arguments) {
  const bool many = arguments.contains(DNNL_ARG_MULTIPLE_SRC);
  Layer layer{node.name, node.op, implementation_of(primitive),
              dims_of(arguments, many ? DNNL_ARG_MULTIPLE_SRC : DNNL_ARG_SRC),
              dims_of(arguments, DNNL_ARG_DST)};
  return {std::move(layer), [primitive, arguments = std::move(arguments)](dnnl::stream& stream) {
            primitive.execute(stream, arguments);
          }};
}

}  // namespace pw::inference
