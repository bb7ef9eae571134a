// SPDX-License-Identifier: GPL-3.0-or-later
// For the tests of hostile files: a usable model to spoil, and how it must be refused.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

#include "inference/network/test_answer.h"
#include "inference/onnx/proto.h"

namespace pw::inference::test {

inline constexpr std::int64_t kHuge = std::int64_t{1} << 31, kVast = std::int64_t{1} << 60;

// x -> Conv "conv" -> MaxPool "pool" -> Reshape "y", each with the attributes that the tests change.
inline OnnxWriter model() {
  OnnxWriter writer("g", "x", {1, 3, 8, 8});
  writer.weights("w", {4, 3, 3, 3}, some_floats(108));
  writer.integers("s", Dims{1, -1});
  onnx::NodeProto& conv = writer.node("Conv", "conv", {"x", "w"});
  OnnxWriter::set(conv, "group", std::int64_t{1});
  OnnxWriter::set(conv, "strides", Dims{1, 1});
  OnnxWriter::set(conv, "pads", Dims{1, 1, 1, 1});
  OnnxWriter::set(conv, "dilations", Dims{1, 1});
  OnnxWriter::set(writer.node("MaxPool", "pool", {"conv"}), "kernel_shape", Dims{2, 2});
  writer.node("Reshape", "y", {"pool", "s"});
  writer.output("y", {});
  return writer;
}

inline onnx::AttributeProto& attribute(OnnxWriter& writer, int node, const std::string& name) {
  for (onnx::AttributeProto& found : *writer.model().mutable_graph()->mutable_node(node)->mutable_attribute())
    if (found.name() == name) return found;
  throw std::out_of_range(name);
}

inline void expect_refused(const OnnxWriter& writer, const std::string& why) {
  const auto output = run_graph(writer.bytes(), some_floats(192));
  ASSERT_FALSE(output) << why;
  EXPECT_EQ(output.error().kind, Failure::input);
  EXPECT_THAT(one_line(output.error()), testing::HasSubstr(why));
  EXPECT_EQ(one_line(output.error()).find('\n'), std::string::npos);
}

}  // namespace pw::inference::test
