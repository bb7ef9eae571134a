// SPDX-License-Identifier: GPL-3.0-or-later
// Every operator alone against known answers, fused and not.
#include "inference/network/operators.h"

#include <cmath>

#include "inference/network/test_answer.h"
#include "inference/onnx/proto.h"

namespace pw::inference {
namespace {

using test::counting;
using test::error_of;
using test::expect_answer;
using test::Floats;
using test::run_graph;
using test::some_floats;

const Dims kImage = {1, 3, 6, 5};

TEST(Add, OfSameShapesOfConstantsAndWithBroadcasting) {
  const Floats x = counting(8);
  OnnxWriter twice("g", "x", {1, 2, 2, 2});
  twice.node("Add", "y", {"x", "x"});
  twice.output("y", {});
  expect_answer(twice, x, {0, 2, 4, 6, 8, 10, 12, 14});

  OnnxWriter constant("g", "x", {1, 2, 2, 2});
  constant.weights("c", {2, 1, 1}, Floats{10, -20});
  constant.node("Add", "a", {"c", "x"});
  constant.node("Relu", "y", {"a"});
  constant.output("y", {});
  expect_answer(constant, x, {10, 11, 12, 13, 0, 0, 0, 0});

  OnnxWriter broadcast("g", "x", {1, 2, 2, 2});
  broadcast.node("GlobalAveragePool", "m", {"x"});
  broadcast.node("Add", "y", {"m", "x"});
  broadcast.output("y", {});
  expect_answer(broadcast, x, {1.5F, 2.5F, 3.5F, 4.5F, 9.5F, 10.5F, 11.5F, 12.5F});
}

TEST(Gemm, WithItsAttributesAndAsMatMulWithAdd) {
  OnnxWriter writer("g", "x", {1, 2});
  writer.weights("w", {3, 2}, Floats{1, 2, 3, 4, 5, 6});
  writer.weights("b", {3}, Floats{1, 1, -50});
  onnx::NodeProto& node = writer.node("Gemm", "z", {"x", "w", "b"});
  OnnxWriter::set(node, "transB", std::int64_t{1});
  OnnxWriter::set(node, "alpha", 2.0F);
  OnnxWriter::set(node, "beta", 10.0F);
  writer.node("Relu", "y", {"z"});
  writer.output("y", {});
  expect_answer(writer, {1, 10}, {2 * 21 + 10, 2 * 43 + 10, 0});

  OnnxWriter matmul("g", "x", {1, 2});
  matmul.weights("w", {2, 3}, Floats{1, 2, 3, 4, 5, 6});
  matmul.weights("b", {3}, Floats{100, 200, 300});
  matmul.node("MatMul", "m", {"x", "w"});
  matmul.node("Add", "y", {"m", "b"});
  matmul.output("y", {});
  expect_answer(matmul, {1, 10}, {141, 252, 363});
}

TEST(Softmax, OfOneAxisOrOfAllThatFollow) {
  for (const std::int64_t opset : {11, 13}) {
    OnnxWriter writer("g", "x", {1, 2, 2});
    writer.model().mutable_opset_import(0)->set_version(opset);
    writer.node("Softmax", "y", {"x"});
    writer.output("y", {});
    const float quarter = opset == 13 ? 0.5F : 0.25F;
    expect_answer(writer, {3, 3, 3, 3}, Floats(4, quarter));
  }
  OnnxWriter writer("g", "x", {1, 2});
  writer.node("Softmax", "y", {"x"});
  writer.output("y", {});
  expect_answer(writer, {0, std::log(3.0F)}, {0.25F, 0.75F});
}

TEST(Graph, ConstantIdentityAndDropoutCostNothing) {
  OnnxWriter writer("g", "x", {1, 2});
  onnx::NodeProto& constant = writer.node("Constant", "c", {});
  onnx::AttributeProto& value = *constant.add_attribute();
  value.set_name("value");
  value.set_type(onnx::AttributeProto::TENSOR);
  value.mutable_t()->set_data_type(onnx::TensorProto::FLOAT);
  value.mutable_t()->add_dims(2);
  value.mutable_t()->add_float_data(10);
  value.mutable_t()->add_float_data(20);
  writer.node("Identity", "i", {"x"});
  writer.node("Dropout", "d", {"i"});
  writer.node("Add", "a", {"d", "c"});
  writer.node("Identity", "y", {"a"});
  writer.output("y", {});
  const auto output = run_graph(writer.bytes(), {1, 2});
  ASSERT_TRUE(output) << one_line(output.error());
  EXPECT_THAT(*output, testing::ElementsAre(11, 22));
}

TEST(Clip, AloneAndInsideAConvolution) {
  OnnxWriter writer("g", "x", {1, 1, 1, 4});
  writer.weights("w", {1, 1, 1, 1}, Floats{2});
  writer.weights("low", {}, Floats{0});
  writer.weights("high", {}, Floats{6});
  writer.node("Conv", "c", {"x", "w"});
  writer.node("Clip", "y", {"c", "low", "high"});
  writer.output("y", {});
  expect_answer(writer, {-1, 1, 2, 5}, {0, 2, 4, 6});

  OnnxWriter old("g", "x", {1, 4});
  old.model().mutable_opset_import(0)->set_version(9);
  OnnxWriter::set(old.node("Clip", "y", {"x"}), "max", 1.5F);
  old.output("y", {});
  expect_answer(old, {-9, 1, 2, 5}, {-9, 1, 1.5F, 1.5F});
}

TEST(Concat, OfChannels) {
  OnnxWriter writer("g", "x", {1, 1, 1, 2});
  writer.weights("w", {2, 1, 1, 1}, Floats{10, 100});
  writer.node("Conv", "c", {"x", "w"});
  OnnxWriter::set(writer.node("Concat", "y", {"c", "x"}), "axis", std::int64_t{1});
  writer.output("y", {});
  expect_answer(writer, {1, 2}, {10, 20, 100, 200, 1, 2});
}

TEST(Errors, NameTheNode) {
  OnnxWriter unknown("g", "x", kImage);
  unknown.node("Einsum", "norm1", {"x"});
  unknown.output("norm1", {});
  EXPECT_EQ(error_of(unknown, {}), "node 'norm1' (Einsum): this operator is not supported");

  OnnxWriter misfit("g", "x", kImage);
  misfit.weights("w", {8, 4, 3, 3}, some_floats(8 * 4 * 9));
  misfit.node("Conv", "conv1", {"x", "w"});
  misfit.output("conv1", {});
  EXPECT_EQ(error_of(misfit, {}),
            "node 'conv1' (Conv): weights of 8x4x3x3 in 1 groups do not fit an input of 1x3x6x5");

  OnnxWriter large("g", "x", kImage);
  large.weights("w", {1, 3, 9, 9}, some_floats(3 * 81));
  large.node("Conv", "conv1", {"x", "w"});
  large.output("conv1", {});
  EXPECT_EQ(error_of(large, {}), "node 'conv1' (Conv): a kernel of 9x9 does not fit into an input of 6x5");
}

}  // namespace
}  // namespace pw::inference
