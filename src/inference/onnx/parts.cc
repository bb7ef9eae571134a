// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/onnx/parts.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/wire_format_lite.h>

#include <cstdint>

#include "inference/onnx/tensor.h"

namespace pw::inference {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

// A message's fields: `take` reads each message that is its field `number`; all others are copied to `rest`.
template <class Take>
bool split(CodedInputStream& in, int number, std::string& rest, Take take) {
  google::protobuf::io::StringOutputStream string(&rest);
  google::protobuf::io::CodedOutputStream out(&string);
  const std::uint32_t wanted = WireFormatLite::MakeTag(number, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
  while (const std::uint32_t tag = in.ReadTag()) {
    if (tag != wanted) {
      if (!WireFormatLite::SkipField(&in, tag, &out)) return false;
      continue;
    }
    int size = 0;
    if (!in.ReadVarintSizeAsInt(&size)) return false;
    const CodedInputStream::Limit limit = in.PushLimit(size);
    if (!take() || in.BytesUntilLimit() != 0) return false;
    in.PopLimit(limit);
  }
  return in.ConsumedEntireMessage();
}

void add(OnnxParts& parts, const onnx::TensorProto& proto) {
  if (parts.refused) return;
  auto tensor = read_tensor(proto, proto.name());
  if (tensor)
    parts.weights.emplace_back(proto.name(), std::move(*tensor));
  else
    parts.refused = std::move(tensor.error());
}

}  // namespace

std::optional<OnnxParts> read_parts(google::protobuf::io::ZeroCopyInputStream& stream) {
  CodedInputStream in(&stream);
  OnnxParts parts;
  onnx::TensorProto tensor;  // one for all: its memory is used again
  std::string model, graph;
  bool has_graph = false;
  const auto take_tensor = [&] {
    tensor.Clear();
    if (!tensor.MergeFromCodedStream(&in)) return false;
    add(parts, tensor);
    return true;
  };
  const auto take_graph = [&] {
    has_graph = true;
    return split(in, onnx::GraphProto::kInitializerFieldNumber, graph, take_tensor);
  };
  if (!split(in, onnx::ModelProto::kGraphFieldNumber, model, take_graph)) return {};
  if (!parts.model.ParseFromString(model)) return {};
  if (has_graph && !parts.model.mutable_graph()->ParseFromString(graph)) return {};
  return parts;
}

}  // namespace pw::inference
