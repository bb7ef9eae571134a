// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/onnx/tensor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <iterator>
#include <type_traits>
#include <vector>

#include "inference/graph/data_type.h"
#include "os/huge_pages.h"

namespace pw::inference {
namespace {

static_assert(static_cast<int>(DataType::float32) == onnx::TensorProto::FLOAT);
static_assert(static_cast<int>(DataType::int32) == onnx::TensorProto::INT32);
static_assert(static_cast<int>(DataType::int64) == onnx::TensorProto::INT64);
static_assert(static_cast<int>(DataType::boolean) == onnx::TensorProto::BOOL);
static_assert(static_cast<int>(DataType::float64) == onnx::TensorProto::DOUBLE);

// `count` values of type From, out of raw_data or of the message's own typed field.
template <class From, class Field, class To>
bool take_values(const std::string& raw, const Field& field, std::size_t count, std::vector<To>& to) {
  if (raw.empty()) {
    if (static_cast<std::size_t>(field.size()) != count) return false;
    to.assign(field.begin(), field.end());
    return true;
  }
  if (field.size() > 0 || raw.size() != count * sizeof(From)) return false;
  const auto* values =
      reinterpret_cast<const From*>(raw.data());  // a string's bytes are aligned for any number
  to.reserve(count);
  prefer_huge_pages(to.data(), count * sizeof(To));
  if constexpr (std::is_same_v<From, To>)
    to.assign(values, values + count);
  else
    std::transform(values, values + count, std::back_inserter(to),
                   [](From value) { return static_cast<To>(value); });
  return true;
}

bool take(const onnx::TensorProto& proto, std::size_t count, Tensor& tensor, bool& known) {
  const std::string& raw = proto.raw_data();
  switch (proto.data_type()) {
    case onnx::TensorProto::FLOAT:
      return take_values<float>(raw, proto.float_data(), count, tensor.floats);
    case onnx::TensorProto::DOUBLE:
      return take_values<double>(raw, proto.double_data(), count, tensor.floats);
    case onnx::TensorProto::INT64:
      return take_values<std::int64_t>(raw, proto.int64_data(), count, tensor.integers);
    case onnx::TensorProto::INT32:
      return take_values<std::int32_t>(raw, proto.int32_data(), count, tensor.integers);
    case onnx::TensorProto::BOOL:
      return take_values<std::uint8_t>(raw, proto.int32_data(), count, tensor.integers);
    default:
      known = false;
      return false;
  }
}

std::string hint_for(int data_type) {
  if (data_type == onnx::TensorProto::INT8 || data_type == onnx::TensorProto::UINT8)
    return "quantized models (QuantizeLinear, DequantizeLinear) are not supported: take the float32 model, "
           "with "
           "--precision int8";
  return "export it again in float32; --precision bf16 and int8 are chosen here";
}

}  // namespace

std::string type_name(int data_type) {
  if (data_type == onnx::TensorProto::FLOAT) return "float32";
  if (data_type == onnx::TensorProto::DOUBLE) return "float64";
  if (!onnx::TensorProto::DataType_IsValid(data_type)) return fmt::format("number {}", data_type);
  std::string name = onnx::TensorProto::DataType_Name(static_cast<onnx::TensorProto::DataType>(data_type));
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  return name;
}

Result<Tensor> read_tensor(const onnx::TensorProto& proto, const std::string& name) {
  Tensor tensor{{proto.dims().begin(), proto.dims().end()}, {}, {}};
  if (proto.data_location() == onnx::TensorProto::EXTERNAL || proto.external_data_size() > 0)
    return fail(Failure::input,
                fmt::format("the weights of '{}' are in another file, which is not supported", name));
  if (tensor.dims.size() > kMostRank)
    return fail(Failure::input, fmt::format("'{}' has {} dimensions", name, tensor.dims.size()));
  const std::int64_t count = tensor_size(tensor.dims);
  if (count < 0)
    return fail(Failure::input, fmt::format("'{}' has the shape {}", name, dims_text(tensor.dims)));
  bool known = true;
  if (take(proto, static_cast<std::size_t>(count), tensor, known)) return tensor;
  if (!known)
    return fail(Failure::input,
                fmt::format("'{}' is of type {}; only float32, float64, int32, int64 and bool are supported",
                            name, type_name(proto.data_type())),
                "", hint_for(proto.data_type()));
  return fail(Failure::input, fmt::format("the data of '{}' is shorter or longer than its shape {}", name,
                                          dims_text(tensor.dims)));
}

}  // namespace pw::inference
