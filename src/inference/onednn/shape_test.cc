// SPDX-License-Identifier: GPL-3.0-or-later
// Other dimensions and other orders of the same numbers, in every form of the opsets.
#include "inference/graph/shapes.h"
#include "inference/network/test_answer.h"
#include "inference/onnx/proto.h"

namespace pw::inference {
namespace {

using test::counting;
using test::error_of;
using test::expect_answer;
using test::Floats;

// What one node makes of an input of those dimensions; {} where it is refused.
Dims shape_after(const std::string& op, const Dims& input, const std::string& attribute, const Dims& values,
                 std::int64_t opset = 11) {
  OnnxWriter writer("g", "x", input);
  writer.model().mutable_opset_import(0)->set_version(opset);
  onnx::NodeProto& node = writer.node(op, "y", {"x"});
  if (attribute == "axis")
    OnnxWriter::set(node, attribute, values[0]);
  else
    OnnxWriter::set(node, attribute, values);
  writer.output("y", {});
  const auto output =
      test::run_graph(writer.bytes(), counting(static_cast<std::size_t>(element_count(input))));
  const auto graph = parse_onnx(writer.bytes());
  if (!output || !graph) return {};
  return infer_shapes(*graph)->at("y");
}

TEST(Flatten, SplitsAtAnyAxis) {
  const Dims x = {2, 3, 4};
  EXPECT_EQ(shape_after("Flatten", x, "axis", {0}), (Dims{1, 24}));
  EXPECT_EQ(shape_after("Flatten", x, "axis", {1}), (Dims{2, 12}));
  EXPECT_EQ(shape_after("Flatten", x, "axis", {-1}), (Dims{6, 4}));
  EXPECT_EQ(shape_after("Flatten", x, "axis", {3}), (Dims{24, 1}));
  EXPECT_EQ(shape_after("Flatten", x, "axis", {4}), Dims{});
  EXPECT_EQ(shape_after("Flatten", x, "axis", {-4}), Dims{});
}

TEST(Squeeze, TakesItsAxesFromAnAttributeOrAnInput) {
  EXPECT_EQ(shape_after("Squeeze", {1, 3, 1, 1}, "axes", {2, -1}), (Dims{1, 3}));
  EXPECT_EQ(shape_after("Squeeze", {1, 3, 1, 1}, "axes", {}), (Dims{3}));
  EXPECT_EQ(shape_after("Squeeze", {1, 3, 1, 1}, "axes", {1}), Dims{});
  EXPECT_EQ(shape_after("Squeeze", {1, 3, 1, 1}, "axes", {2, -2}), Dims{});
  EXPECT_EQ(shape_after("Unsqueeze", {2, 3}, "axes", {0, -1}), (Dims{1, 2, 3, 1}));
  EXPECT_EQ(shape_after("Unsqueeze", {2, 3}, "axes", {3}), Dims{});
  OnnxWriter writer("g", "x", {2, 3});
  writer.integers("a", Dims{-1, 0});
  writer.node("Unsqueeze", "u", {"x", "a"});
  OnnxWriter::set(writer.node("Concat", "y", {"u", "u"}), "axis", std::int64_t{-1});
  writer.output("y", {});
  expect_answer(writer, counting(6), {0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5});
}

TEST(Transpose, ReversesUnlessItIsToldTheOrder) {
  OnnxWriter writer("g", "x", {1, 2, 3});
  writer.node("Transpose", "y", {"x"});
  writer.output("y", {});
  expect_answer(writer, counting(6), {0, 3, 1, 4, 2, 5});
  EXPECT_EQ(shape_after("Transpose", {1, 2, 3}, "perm", {2, 0, 1}), (Dims{3, 1, 2}));
  for (const Dims& perm : {Dims{0, 1}, Dims{0, 0, 1}, Dims{0, 1, 3}, Dims{-1, 0, 1}})
    EXPECT_EQ(shape_after("Transpose", {1, 2, 3}, "perm", perm), Dims{}) << dims_text(perm);
}

// x as dims turned by `perm`, plus `addend` numbers along the last dimension.
Floats turned_plus(const Floats& x, const Dims& dims, const Dims& perm, const Floats& addend) {
  Floats y;
  Dims at(dims.size(), 0), to;
  for (const std::int64_t from : perm) to.push_back(dims[static_cast<std::size_t>(from)]);
  for (std::size_t i = 0; i < x.size(); ++i) {
    std::int64_t rest = static_cast<std::int64_t>(i), place = 0;
    for (std::size_t d = dims.size(); d-- > 0; rest /= to[d])
      at[static_cast<std::size_t>(perm[d])] = rest % to[d];
    for (std::size_t d = 0; d < dims.size(); ++d) place = place * dims[d] + at[d];
    y.push_back(x[static_cast<std::size_t>(place)] + addend[i % addend.size()]);
  }
  return y;
}

TEST(Transpose, OfADimensionOfOneBeforeASum) {
  const std::vector<std::pair<Dims, Dims>> cases = {
      {{1, 1, 6, 6}, {0, 2, 1, 3}}, {{1, 6, 1, 6}, {0, 2, 3, 1}},       {{1, 1, 6, 5}, {0, 2, 3, 1}},
      {{1, 6, 6}, {1, 0, 2}},       {{1, 1, 2, 3, 6}, {0, 2, 1, 3, 4}}, {{1, 33, 1, 33}, {0, 3, 2, 1}}};
  for (const auto& [dims, perm] : cases) {
    const auto size = static_cast<std::size_t>(element_count(dims));
    const auto last = static_cast<std::size_t>(dims[static_cast<std::size_t>(perm.back())]);
    for (const std::size_t numbers : {std::size_t{1}, last}) {
      SCOPED_TRACE(dims_text(dims) + " by " + dims_text(perm) + ", " + std::to_string(numbers));
      const Floats x = counting(size), addend = counting(numbers, 0.5F);
      OnnxWriter writer("g", "x", dims);
      writer.weights("c", {static_cast<std::int64_t>(numbers)}, addend);
      OnnxWriter::set(writer.node("Transpose", "t", {"x"}), "perm", perm);
      writer.node("Add", "y", {"t", "c"});
      writer.output("y", {});
      expect_answer(writer, x, turned_plus(x, dims, perm, addend));
    }
  }
}

TEST(Concat, OfSeveralTransposedTensors) {
  OnnxWriter writer("g", "x", {1, 2, 3});
  OnnxWriter::set(writer.node("Transpose", "t", {"x"}), "perm", Dims{0, 2, 1});
  writer.node("Relu", "r", {"x"});
  OnnxWriter::set(writer.node("Transpose", "u", {"r"}), "perm", Dims{0, 2, 1});
  OnnxWriter::set(writer.node("Concat", "y", {"t", "u", "t"}), "axis", std::int64_t{2});
  writer.output("y", {});
  expect_answer(writer, {-1, 2, 3, 4, 5, -6}, {-1, 4, 0, 4, -1, 4, 2, 5, 2, 5, 2, 5, 3, -6, 3, 0, 3, -6});
}

TEST(Reshape, KeepsDimensionsOfZeroUnlessItIsToldOtherwise) {
  for (const std::int64_t allowed : {0, 1}) {
    OnnxWriter writer("g", "x", {1, 2, 3});
    writer.model().mutable_opset_import(0)->set_version(14);
    writer.integers("s", Dims{1, 0, -1});
    OnnxWriter::set(writer.node("Reshape", "y", {"x", "s"}), "allowzero", allowed);
    writer.output("y", {});
    EXPECT_EQ(error_of(writer, counting(6)),
              allowed ? "node 'y' (Reshape): 1x2x3 cannot become 1x0x-1" : "no error");
  }
}

TEST(Dropout, IsNothingUnlessItTrains) {
  for (const bool train : {false, true}) {
    OnnxWriter writer("g", "x", {1, 2});
    writer.weights("ratio", {}, Floats{0.5F});
    onnx::TensorProto& mode = *writer.model().mutable_graph()->add_initializer();
    mode.set_name("mode");
    mode.set_data_type(onnx::TensorProto::BOOL);
    mode.add_int32_data(train ? 1 : 0);
    writer.node("Dropout", "drop", {"x", "ratio", "mode"});
    writer.node("Relu", "y", {"drop"});
    writer.output("y", {});
    if (train)
      EXPECT_EQ(error_of(writer, {1, 2}), "node 'drop' (Dropout): training_mode is not supported");
    else
      expect_answer(writer, {1, 2}, {1, 2});
  }
}

TEST(Pad, OfOldOpsetsIsInAttributes) {
  OnnxWriter writer("g", "x", {1, 1, 1, 2});
  writer.model().mutable_opset_import(0)->set_version(7);
  onnx::NodeProto& node = writer.node("Pad", "y", {"x"});
  OnnxWriter::set(node, "pads", Dims{0, 0, 0, 2, 0, 0, 1, 0});
  OnnxWriter::set(node, "value", -1.0F);
  writer.output("y", {});
  expect_answer(writer, {5, 6}, {-1, -1, 5, 6, -1, -1, -1, -1});
}

TEST(Pad, AloneWithItsValue) {
  OnnxWriter writer("g", "x", {1, 1, 2, 2});
  writer.integers("p", Dims{0, 0, 1, 0, 0, 0, 0, 1});
  writer.weights("v", {}, Floats{7});
  writer.node("Pad", "y", {"x", "p", "v"});
  writer.output("y", {});
  expect_answer(writer, {1, 2, 3, 4}, {7, 7, 7, 1, 2, 7, 3, 4, 7});
}

TEST(Pad, BeforeAPoolCountsAsZerosAlsoAmongNegatives) {
  for (const bool relu : {false, true}) {
    OnnxWriter writer("g", "x", {1, 1, 1, 3});
    writer.integers("p", Dims{0, 0, 0, 1, 0, 0, 0, 1});
    if (relu) writer.node("Relu", "r", {"x"});
    writer.node("Pad", "q", {relu ? "r" : "x", "p"});
    OnnxWriter::set(writer.node("MaxPool", "y", {"q"}), "kernel_shape", Dims{1, 2});
    writer.output("y", {});
    expect_answer(writer, {-3, -2, -1}, relu ? Floats{0, 0, 0, 0} : Floats{0, -2, -1, 0});
  }
}

TEST(Pad, GoesIntoTheConvolutionAfterIt) {
  OnnxWriter writer("g", "x", {1, 1, 1, 3});
  writer.integers("p", Dims{0, 0, 0, 2, 0, 0, 0, 1});
  writer.weights("w", {1, 1, 1, 3}, Floats{1, 10, 100});
  writer.node("Pad", "q", {"x", "p"});
  writer.node("Conv", "y", {"q", "w"});
  writer.output("y", {});
  expect_answer(writer, {1, 2, 3}, {100, 210, 321, 32});
  auto graph = parse_onnx(writer.bytes());
  fuse(*graph);
  EXPECT_EQ(graph->nodes.size(), 1U);
}

TEST(Shapes, TransposeThenReshapeIsRowMajor) {
  OnnxWriter writer("g", "x", {1, 2, 1, 3});
  writer.integers("s", Dims{0, -1});
  writer.integers("u", Dims{0});
  OnnxWriter::set(writer.node("Transpose", "t", {"x"}), "perm", Dims{0, 3, 2, 1});
  writer.node("Reshape", "r", {"t", "s"});
  writer.node("Unsqueeze", "v", {"r", "u"});
  writer.node("Squeeze", "q", {"v", "u"});
  writer.node("Flatten", "y", {"q"});
  writer.output("y", {});
  expect_answer(writer, {1, 2, 3, 4, 5, 6}, {1, 4, 2, 5, 3, 6});
}

}  // namespace
}  // namespace pw::inference
