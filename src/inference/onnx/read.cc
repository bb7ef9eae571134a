// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/onnx/read.h"

#include <fmt/format.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <utility>

#include "inference/ground/regular_file.h"
#include "inference/onnx/node.h"
#include "inference/onnx/parts.h"
#include "inference/onnx/proto.h"
#include "inference/onnx/tensor.h"
#include "inference/rewrite/fold.h"

namespace pw::inference {
namespace {

constexpr std::int64_t kOldestOpset = 7;   // Add broadcasts as in NumPy from here on
constexpr std::int64_t kNewestOpset = 23;  // after 17: axes of ReduceMean and Pad as inputs, and data types
// IR versions 9 to 13 add data types alone, which are refused where they are used.
constexpr std::int64_t kNewestIr = 13;

tl::unexpected<Error> unusable(std::string what,
                               std::string hint = "export it again as an image classifier") {
  return fail(Failure::input, std::move(what), "", std::move(hint));
}

// A Constant node becomes a constant of the graph.
Result<> add_constant(Graph& graph, const Node& node, const onnx::NodeProto& proto) {
  if (node.outputs.size() != 1) return fail_node(node, "has no result");
  for (const onnx::AttributeProto& attribute : proto.attribute()) {
    Tensor tensor;
    if (attribute.name() == "value") {
      auto read = read_tensor(attribute.t(), node.outputs[0]);
      if (!read) return pass_on(read);
      tensor = std::move(*read);
    } else if (attribute.name() == "value_float" || attribute.name() == "value_floats") {
      tensor.floats = node.attributes.at(attribute.name()).floats;
    } else if (attribute.name() == "value_int" || attribute.name() == "value_ints") {
      tensor.integers = node.attributes.at(attribute.name()).integers;
    } else {
      return fail_node(node, fmt::format("a constant with '{}' is not supported", attribute.name()));
    }
    if (attribute.name().ends_with('s'))
      tensor.dims = {static_cast<std::int64_t>(tensor.floats.size() + tensor.integers.size())};
    if (!graph.constants.emplace(node.outputs[0], std::move(tensor)).second)
      return fail_node(node, fmt::format("makes '{}', which is there already", node.outputs[0]));
    return {};
  }
  return fail_node(node, "has no value");
}

// "3", "H" or "?"
std::string size_text(const onnx::TensorShapeProto::Dimension& size) {
  if (size.dim_value() != 0) return std::to_string(size.dim_value());
  return size.dim_param().empty() ? "?" : size.dim_param();
}

// Only the batch may be open.
Result<> check_sizes(const std::string& input, const onnx::TensorShapeProto& shape) {
  std::string text;
  int open = 0;
  for (int i = 0; i < std::min(shape.dim_size(), static_cast<int>(kMostRank)); ++i) {
    open += i > 0 && shape.dim(i).dim_value() == 0 ? 1 : 0;
    text += (i > 0 ? "x" : "") + size_text(shape.dim(i));
  }
  if (open == 0) return {};
  const std::string what = open == 1 ? "one of its sizes is" : fmt::format("{} of its sizes are", open);
  return fail(Failure::input, fmt::format("its input '{}' is {}: {} open", input, text, what), "",
              "export it again for a fixed size of image");
}

Result<> read_input(Graph& graph, const onnx::GraphProto& proto) {
  for (const onnx::ValueInfoProto& input : proto.input()) {
    if (graph.constants.contains(input.name())) continue;  // up to IR version 3 constants are inputs too
    if (!graph.input.empty())
      return unusable(fmt::format("it has more than one input: '{}' and '{}'", graph.input, input.name()));
    graph.input = input.name();
    const onnx::TypeProto::Tensor& type = input.type().tensor_type();
    if (type.elem_type() != onnx::TensorProto::FLOAT)
      return fail(
          Failure::input,
          fmt::format("its input '{}' is of type {}, not float32", input.name(), type_name(type.elem_type())),
          "", "export it again with an input of float32");
    if (auto open = check_sizes(input.name(), type.shape()); !open) return open;
    for (const auto& dim : type.shape().dim()) graph.input_dims.push_back(dim.dim_value());
  }
  if (graph.input.empty()) return unusable("it has no input");
  Dims& dims = graph.input_dims;
  if (!dims.empty() && dims[0] <= 0) dims[0] = 1;  // any batch
  if (element_count(dims) < 0)
    return unusable(fmt::format("its input '{}' has the shape {}, which is no usable size", graph.input,
                                dims_text(dims)));
  return {};
}

tl::unexpected<Error> refuse_outputs(const onnx::GraphProto& proto) {
  constexpr int kMostNames = 8;
  std::string names;
  for (int i = 0; i < std::min(proto.output_size(), kMostNames); ++i)
    names += fmt::format("{}'{}'", i > 0 ? ", " : ": ", proto.output(i).name());
  return fail(Failure::input, fmt::format("it has {} outputs, not one{}", proto.output_size(), names), "",
              "export it again with the scores alone");
}

Result<> read_graph(Graph& graph, OnnxParts& parts) {
  const onnx::GraphProto& proto = parts.model.graph();
  for (auto& [name, tensor] : parts.weights)
    if (!graph.constants.emplace(name, std::move(tensor)).second)
      return unusable(fmt::format("it has two constants named '{}'", name));
  if (parts.refused) return tl::unexpected(*parts.refused);
  if (proto.sparse_initializer_size() > 0) return unusable("sparse constants are not supported");
  if (auto read = read_input(graph, proto); !read) return read;
  for (const onnx::NodeProto& message : proto.node()) {
    auto node = read_node(message);
    if (!node) return pass_on(node);
    if (node->op == "Constant") {
      if (auto added = add_constant(graph, *node, message); !added) return added;
      continue;
    }
    graph.nodes.push_back(std::move(*node));
  }
  if (proto.output_size() != 1) return refuse_outputs(proto);
  graph.output = proto.output(0).name();
  return {};
}

bool is_made(const Graph& graph, const std::string& tensor) {
  for (const Node& node : graph.nodes)
    for (const std::string& output : node.outputs)
      if (output == tensor) return true;
  return false;
}

Result<Graph> read_model(OnnxParts& parts) {
  const onnx::ModelProto& model = parts.model;
  if (!model.has_graph() || model.graph().node_size() == 0)
    return unusable("it is no ONNX model: it has no operators");
  Graph graph;
  for (const onnx::OperatorSetIdProto& opset : model.opset_import())
    if (opset.domain().empty() || opset.domain() == "ai.onnx") graph.opset = opset.version();
  if (graph.opset < kOldestOpset || graph.opset > kNewestOpset)
    return fail(Failure::input, fmt::format("it is written in ONNX opset {}", graph.opset), "",
                fmt::format("export it again with an opset from {} to {}", kOldestOpset, kNewestOpset));
  if (model.ir_version() > kNewestIr)
    return unusable(fmt::format("it is of ONNX IR version {}; {} is the newest supported", model.ir_version(),
                                kNewestIr));
  for (const auto& entry : model.metadata_props()) graph.metadata[entry.key()] = entry.value();
  if (auto read = read_graph(graph, parts); !read) return pass_on(read);
  if (auto sorted = sort_nodes(graph); !sorted) return pass_on(sorted);
  if (!is_made(graph, graph.output))
    return unusable(fmt::format("its output '{}' is made by no node", graph.output));
  if (auto folded = fold_constants(graph); !folded) return pass_on(folded);
  const auto uses = count_uses(graph);
  std::erase_if(graph.constants, [&uses](const auto& constant) { return !uses.contains(constant.first); });
  return graph;
}

Result<Graph> parse(google::protobuf::io::ZeroCopyInputStream& stream) {
  google::protobuf::SetLogHandler(nullptr);  // its own lines on stderr are no errors of ours
  auto parts = read_parts(stream);
  if (!parts) return unusable("it is no ONNX file, or a broken or incomplete one", "copy or fetch it again");
  return read_model(*parts);
}

}  // namespace

Result<Graph> read_onnx(const std::filesystem::path& path) {
  const auto file = open_regular(path);
  if (!file) return pass_on(file);
  google::protobuf::io::FileInputStream stream(file->fd(), 1 << 20);
  Result<Graph> graph = parse(stream);
  if (stream.GetErrno() != 0) graph = fail_errno(Failure::input, "cannot read", stream.GetErrno());
  if (!graph) graph.error().where = path.string();
  return graph;
}

Result<Graph> parse_onnx(std::string_view bytes) {
  if (bytes.size() > (std::size_t{1} << 30)) return unusable("it is larger than 1 GiB");
  google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  return parse(stream);
}

}  // namespace pw::inference
