// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/onnx_read.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <google/protobuf/io/zero_copy_stream_impl.h>
#include <google/protobuf/stubs/logging.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "inference/onnx_proto.h"

namespace pw {
namespace {

constexpr std::int64_t kOldestOpset = 7;  // Add broadcasts as in NumPy from here on

tl::unexpected<Error> unusable(std::string what) { return fail(Failure::input, std::move(what)); }

// `count` values of type From, out of raw_data or of the message's own typed field.
template <class From, class Field, class To>
bool take_values(const std::string& raw, const Field& field, std::size_t count, std::vector<To>& to) {
  if (raw.empty()) {
    if (static_cast<std::size_t>(field.size()) != count) return false;
    to.assign(field.begin(), field.end());
    return true;
  }
  if (raw.size() != count * sizeof(From)) return false;
  const auto* values =
      reinterpret_cast<const From*>(raw.data());  // a string's bytes are aligned for any number
  to.assign(values, values + count);
  return true;
}

// A scalar has no dimensions; a tensor without elements (an empty list of axes) is allowed.
std::int64_t constant_size(const Dims& dims) {
  for (const std::int64_t dim : dims)
    if (dim == 0) return 0;
  return element_count(dims);
}

Result<Tensor> read_tensor(const onnx::TensorProto& proto, const std::string& name) {
  Tensor tensor{{proto.dims().begin(), proto.dims().end()}, {}, {}};
  if (proto.data_location() == onnx::TensorProto::EXTERNAL || proto.external_data_size() > 0)
    return unusable(fmt::format("the weights of '{}' are in another file, which is not supported", name));
  const std::int64_t count = constant_size(tensor.dims);
  if (count < 0) return unusable(fmt::format("'{}' has the shape {}", name, dims_text(tensor.dims)));
  const auto size = static_cast<std::size_t>(count);
  bool whole = false;
  switch (proto.data_type()) {
    case onnx::TensorProto::FLOAT:
      whole = take_values<float>(proto.raw_data(), proto.float_data(), size, tensor.floats);
      break;
    case onnx::TensorProto::INT64:
      whole = take_values<std::int64_t>(proto.raw_data(), proto.int64_data(), size, tensor.integers);
      break;
    case onnx::TensorProto::INT32:
      whole = take_values<std::int32_t>(proto.raw_data(), proto.int32_data(), size, tensor.integers);
      break;
    default:
      return unusable(fmt::format("'{}' is of data type {}; only float32, int32 and int64 are supported",
                                  name, proto.data_type()));
  }
  if (!whole)
    return unusable(
        fmt::format("the data of '{}' is shorter or longer than its shape {}", name, dims_text(tensor.dims)));
  return tensor;
}

Attribute read_attribute(const onnx::AttributeProto& proto) {
  Attribute attribute;
  attribute.text = proto.s();
  attribute.integers.assign(proto.ints().begin(), proto.ints().end());
  attribute.floats.assign(proto.floats().begin(), proto.floats().end());
  if (proto.type() == onnx::AttributeProto::INT) attribute.integers = {proto.i()};
  if (proto.type() == onnx::AttributeProto::FLOAT) attribute.floats = {proto.f()};
  return attribute;
}

Node read_node(const onnx::NodeProto& proto) {
  Node node;
  node.op = proto.op_type();
  if (!proto.domain().empty() && proto.domain() != "ai.onnx") node.op = proto.domain() + "." + node.op;
  node.inputs.assign(proto.input().begin(), proto.input().end());
  node.outputs.assign(proto.output().begin(), proto.output().end());
  node.name = proto.name();
  if (node.name.empty()) node.name = node.outputs.empty() ? node.op : node.outputs[0];
  for (const onnx::AttributeProto& attribute : proto.attribute())
    node.attributes[attribute.name()] = read_attribute(attribute);
  return node;
}

// A Constant node becomes a constant of the graph.
Result<> add_constant(Graph& graph, const onnx::NodeProto& proto) {
  const Node node = read_node(proto);
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

Result<> read_input(Graph& graph, const onnx::GraphProto& proto) {
  for (const onnx::ValueInfoProto& input : proto.input()) {
    if (graph.constants.contains(input.name())) continue;  // up to IR version 3 constants are inputs too
    if (!graph.input.empty())
      return unusable(fmt::format("it has more than one input: '{}' and '{}'", graph.input, input.name()));
    graph.input = input.name();
    const onnx::TypeProto::Tensor& type = input.type().tensor_type();
    if (type.elem_type() != onnx::TensorProto::FLOAT)
      return unusable(fmt::format("its input '{}' is not of float32", input.name()));
    for (const auto& dim : type.shape().dim()) graph.input_dims.push_back(dim.dim_value());
  }
  if (graph.input.empty()) return unusable("it has no input");
  Dims& dims = graph.input_dims;
  if (!dims.empty() && dims[0] <= 0) dims[0] = 1;  // any batch
  if (element_count(dims) < 0)
    return unusable(fmt::format("its input '{}' has the shape {}, without fixed and usable sizes (0 is any)",
                                graph.input, dims_text(dims)));
  return {};
}

Result<> read_graph(Graph& graph, onnx::GraphProto& proto) {
  for (onnx::TensorProto& weights : *proto.mutable_initializer()) {
    auto tensor = read_tensor(weights, weights.name());
    if (!tensor) return pass_on(tensor);
    delete weights.release_raw_data();  // clear_raw_data() would keep the memory
    if (!graph.constants.emplace(weights.name(), std::move(*tensor)).second)
      return unusable(fmt::format("it has two constants named '{}'", weights.name()));
  }
  if (proto.sparse_initializer_size() > 0) return unusable("sparse constants are not supported");
  if (auto read = read_input(graph, proto); !read) return read;
  for (const onnx::NodeProto& node : proto.node()) {
    if (node.op_type() != "Constant") {
      graph.nodes.push_back(read_node(node));
    } else if (auto added = add_constant(graph, node); !added) {
      return added;
    }
  }
  if (proto.output_size() != 1)
    return unusable(fmt::format("it has {} outputs, not one", proto.output_size()));
  graph.output = proto.output(0).name();
  return {};
}

bool is_made(const Graph& graph, const std::string& tensor) {
  for (const Node& node : graph.nodes)
    for (const std::string& output : node.outputs)
      if (output == tensor) return true;
  return false;
}

Result<Graph> read_model(onnx::ModelProto& model) {
  if (!model.has_graph() || model.graph().node_size() == 0)
    return unusable("it is no ONNX model: it has no operators");
  Graph graph;
  for (const onnx::OperatorSetIdProto& opset : model.opset_import())
    if (opset.domain().empty() || opset.domain() == "ai.onnx") graph.opset = opset.version();
  if (graph.opset < kOldestOpset)
    return unusable(
        fmt::format("it is written in ONNX opset {}; {} is the oldest supported", graph.opset, kOldestOpset));
  for (const auto& entry : model.metadata_props()) graph.metadata[entry.key()] = entry.value();
  if (auto read = read_graph(graph, *model.mutable_graph()); !read) return pass_on(read);
  if (auto sorted = sort_nodes(graph); !sorted) return pass_on(sorted);
  if (!is_made(graph, graph.output))
    return unusable(fmt::format("its output '{}' is made by no node", graph.output));
  return graph;
}

Result<Graph> parse(google::protobuf::io::ZeroCopyInputStream& stream) {
  silence_protobuf();
  onnx::ModelProto model;
  if (!model.ParseFromZeroCopyStream(&stream))
    return unusable("it is no ONNX file, or a broken or incomplete one");
  return read_model(model);
}

}  // namespace

void silence_protobuf() { google::protobuf::SetLogHandler(nullptr); }

Result<Graph> read_onnx(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fail_errno(Failure::input, "cannot open", errno, path.string());
  google::protobuf::io::FileInputStream stream(fd, 1 << 20);
  Result<Graph> graph = parse(stream);
  if (stream.GetErrno() != 0) graph = fail_errno(Failure::input, "cannot read", stream.GetErrno());
  ::close(fd);
  if (!graph) graph.error().where = path.string();
  return graph;
}

Result<Graph> parse_onnx(std::string_view bytes) {
  if (bytes.size() > (std::size_t{1} << 30)) return unusable("it is larger than 1 GiB");
  google::protobuf::io::ArrayInputStream stream(bytes.data(), static_cast<int>(bytes.size()));
  return parse(stream);
}

}  // namespace pw
