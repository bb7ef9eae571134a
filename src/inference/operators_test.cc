// SPDX-License-Identifier: GPL-3.0-or-later
// Every operator alone against known answers, fused and not.
#include "inference/operators.h"

#include <cmath>

#include "inference/test_answer.h"

namespace pw {
namespace {

using test::counting;
using test::error_of;
using test::expect_answer;
using test::Floats;
using test::run_graph;
using test::some_floats;

const Dims kImage = {1, 3, 6, 5};
constexpr std::size_t kImageSize = 3 * 6 * 5;

struct ConvCase {
  std::int64_t outputs, groups, kernel, stride, dilation, pad, pad_end;
};

// Straight from the definition, NxCxHxW with N = 1.
Floats naive_conv(const Floats& x, const Dims& in, const Floats& w, const Floats& bias, const ConvCase& c) {
  const std::int64_t reach = (c.kernel - 1) * c.dilation + 1, per_group = in[1] / c.groups;
  const std::int64_t height = (in[2] + c.pad + c.pad_end - reach) / c.stride + 1;
  const std::int64_t width = (in[3] + c.pad + c.pad_end - reach) / c.stride + 1;
  Floats y;
  for (std::int64_t o = 0; o < c.outputs; ++o)
    for (std::int64_t r = 0; r < height; ++r)
      for (std::int64_t q = 0; q < width; ++q) {
        double sum = bias.empty() ? 0 : bias[static_cast<std::size_t>(o)];
        for (std::int64_t i = 0; i < per_group; ++i)
          for (std::int64_t a = 0; a < c.kernel; ++a)
            for (std::int64_t b = 0; b < c.kernel; ++b) {
              const std::int64_t row = r * c.stride + a * c.dilation - c.pad;
              const std::int64_t column = q * c.stride + b * c.dilation - c.pad;
              if (row < 0 || row >= in[2] || column < 0 || column >= in[3]) continue;
              const std::int64_t channel = o / (c.outputs / c.groups) * per_group + i;
              sum += double{x[static_cast<std::size_t>((channel * in[2] + row) * in[3] + column)]} *
                     w[static_cast<std::size_t>(((o * per_group + i) * c.kernel + a) * c.kernel + b)];
            }
        y.push_back(static_cast<float>(sum));
      }
  return y;
}

class Conv : public testing::TestWithParam<ConvCase> {};

TEST_P(Conv, IsWhatTheDefinitionSays) {
  const ConvCase c = GetParam();
  const Dims dims = {c.outputs, 4 / c.groups, c.kernel, c.kernel}, in = {1, 4, 7, 6};
  const Floats x = some_floats(4 * 7 * 6), bias = some_floats(static_cast<std::size_t>(c.outputs), 3);
  const Floats w = some_floats(static_cast<std::size_t>(element_count(dims)), 2);
  OnnxWriter writer("g", "x", in);
  writer.weights("w", dims, w);
  writer.weights("b", {c.outputs}, bias);
  onnx::NodeProto& node = writer.node("Conv", "y", {"x", "w", "b"});
  OnnxWriter::set(node, "group", c.groups);
  OnnxWriter::set(node, "strides", Dims{c.stride, c.stride});
  OnnxWriter::set(node, "dilations", Dims{c.dilation, c.dilation});
  OnnxWriter::set(node, "pads", Dims{c.pad, c.pad, c.pad_end, c.pad_end});
  writer.output("y", {});
  expect_answer(writer, x, naive_conv(x, in, w, bias, c));
}

INSTANTIATE_TEST_SUITE_P(All, Conv,
                         testing::Values(ConvCase{8, 1, 1, 1, 1, 0, 0}, ConvCase{8, 1, 3, 1, 1, 1, 2},
                                         ConvCase{16, 1, 3, 2, 1, 1, 2}, ConvCase{5, 1, 3, 1, 2, 2, 0},
                                         ConvCase{6, 2, 3, 1, 1, 1, 1}, ConvCase{4, 4, 3, 2, 1, 1, 1},
                                         ConvCase{8, 4, 3, 1, 1, 1, 1}, ConvCase{4, 4, 3, 1, 2, 2, 2}));

TEST(ConvPadding, SameUpperPutsTheOddOneAtTheEnd) {
  for (const bool upper : {true, false}) {
    OnnxWriter writer("g", "x", {1, 1, 1, 4});
    writer.weights("w", {1, 1, 1, 2}, Floats{1, 10});
    onnx::NodeProto& node = writer.node("Conv", "y", {"x", "w"});
    OnnxWriter::set(node, "auto_pad", upper ? "SAME_UPPER" : "SAME_LOWER");
    writer.output("y", {});
    expect_answer(writer, {1, 2, 3, 4}, upper ? Floats{21, 32, 43, 4} : Floats{10, 21, 32, 43});
  }
}

TEST(ConvPadding, OfSameWithStrideAndDilationAndOfValid) {
  const auto answer = [](const char* how, std::int64_t stride, std::int64_t dilation,
                         const Floats& expected) {
    OnnxWriter writer("g", "x", {1, 1, 1, 5});
    writer.weights("w", {1, 1, 1, 2}, Floats{1, 10});
    onnx::NodeProto& node = writer.node("Conv", "y", {"x", "w"});
    OnnxWriter::set(node, "auto_pad", how);
    OnnxWriter::set(node, "strides", Dims{1, stride});
    OnnxWriter::set(node, "dilations", Dims{1, dilation});
    writer.output("y", {});
    SCOPED_TRACE(how);
    expect_answer(writer, {1, 2, 3, 4, 5}, expected);
  };
  answer("SAME_UPPER", 2, 1, {21, 43, 5});   // one number of padding, at the end
  answer("SAME_LOWER", 2, 1, {10, 32, 54});  // or at the beginning
  answer("SAME_UPPER", 1, 2, {20, 31, 42, 53, 4});
  answer("VALID", 2, 2, {31, 53});
}

Floats normalized(const Floats& x, std::size_t per_channel, const Floats (&p)[4], float epsilon) {
  Floats y(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t c = i / per_channel;
    y[i] = p[0][c] * (x[i] - p[2][c]) / std::sqrt(p[3][c] + epsilon) + p[1][c];
  }
  return y;
}

void add_batch_norm(OnnxWriter& writer, const std::string& name, const std::string& x, const Floats (&p)[4]) {
  std::vector<std::string> inputs = {x};
  for (const Floats& parameter : p) {
    inputs.push_back(name + "/" + std::to_string(inputs.size()));
    writer.weights(inputs.back(), {static_cast<std::int64_t>(parameter.size())}, parameter);
  }
  OnnxWriter::set(writer.node("BatchNormalization", name, inputs), "epsilon", 0.5F);
}

const Floats kNorm[4] = {{2, -1, 0.5F}, {0, 1, -3}, {0.1F, 0.2F, -0.3F}, {0.5F, 1.5F, 3.5F}};

TEST(BatchNormalization, AloneAndInsideAConvolution) {
  const Floats x = some_floats(kImageSize);
  OnnxWriter alone("g", "x", kImage);
  add_batch_norm(alone, "y", "x", kNorm);
  alone.output("y", {});
  expect_answer(alone, x, normalized(x, 30, kNorm, 0.5F));

  const Floats w = some_floats(9, 7);
  OnnxWriter after("g", "x", kImage);
  after.weights("w", {3, 3, 1, 1}, w);
  after.node("Conv", "c", {"x", "w"});
  add_batch_norm(after, "n", "c", kNorm);
  after.node("Relu", "y", {"n"});
  after.output("y", {});
  Floats expected = normalized(naive_conv(x, kImage, w, {}, {3, 1, 1, 1, 1, 0, 0}), 30, kNorm, 0.5F);
  for (float& value : expected) value = std::max(value, 0.0F);
  expect_answer(after, x, expected);
  auto graph = parse_onnx(after.bytes());
  fuse(*graph);
  EXPECT_EQ(graph->nodes.size(), 1U);
}

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

TEST(Residual, KeepsWhatIsReadLater) {
  // y = relu(conv(r) + r) + r, where r = relu(x): the fused sum must not write over r.
  OnnxWriter writer("g", "x", {1, 1, 1, 4});
  writer.weights("w", {1, 1, 1, 1}, Floats{-3});
  writer.node("Relu", "r", {"x"});
  writer.node("Conv", "c", {"r", "w"});
  writer.node("Add", "s", {"r", "c"});
  writer.node("Relu", "t", {"s"});
  writer.node("Add", "y", {"t", "r"});
  writer.output("y", {});
  expect_answer(writer, {-1, 1, 2, 5}, {0, 1, 2, 5});
}

TEST(Residual, OfTwoConvolutionsAndOfAnotherShape) {
  OnnxWriter two("g", "x", {1, 1, 1, 3});
  two.weights("w1", {1, 1, 1, 1}, Floats{2});
  two.weights("w2", {1, 1, 1, 1}, Floats{-5});
  two.node("Conv", "c1", {"x", "w1"});
  two.node("Conv", "c2", {"x", "w2"});
  two.node("Add", "s", {"c1", "c2"});
  two.node("Relu", "y", {"s"});
  two.output("y", {});
  expect_answer(two, {-1, 0, 1}, {3, 0, 0});

  OnnxWriter wider("g", "x", {1, 1, 1, 3});
  wider.weights("w", {1, 1, 1, 1}, Floats{2});
  wider.node("GlobalAveragePool", "m", {"x"});
  wider.node("Conv", "c", {"m", "w"});
  wider.node("Add", "s", {"c", "x"});
  wider.node("Relu", "y", {"s"});
  wider.output("y", {});
  expect_answer(wider, {-9, 3, 9}, {0, 5, 11});
}

TEST(MaxPool, WithPaddingAndCeilMode) {
  OnnxWriter writer("g", "x", {1, 1, 1, 4});
  onnx::NodeProto& node = writer.node("MaxPool", "y", {"x"});
  OnnxWriter::set(node, "kernel_shape", Dims{1, 3});
  OnnxWriter::set(node, "strides", Dims{1, 2});
  OnnxWriter::set(node, "ceil_mode", std::int64_t{1});
  writer.output("y", {});
  expect_answer(writer, {-5, -4, -3, -2}, {-3, -2});

  OnnxWriter padded("g", "x", {1, 1, 1, 4});
  onnx::NodeProto& pool = padded.node("MaxPool", "y", {"x"});
  OnnxWriter::set(pool, "kernel_shape", Dims{1, 2});
  OnnxWriter::set(pool, "pads", Dims{0, 1, 0, 1});
  padded.output("y", {});
  expect_answer(padded, {-5, -4, -3, -2}, {-5, -4, -3, -2, -2});
}

TEST(AveragePool, CountsPaddingWhereItIsToldTo) {
  for (const std::int64_t include : {0, 1}) {
    OnnxWriter writer("g", "x", {1, 1, 1, 4});
    onnx::NodeProto& node = writer.node("AveragePool", "y", {"x"});
    OnnxWriter::set(node, "kernel_shape", Dims{1, 2});
    OnnxWriter::set(node, "pads", Dims{0, 1, 0, 0});
    OnnxWriter::set(node, "count_include_pad", include);
    writer.output("y", {});
    expect_answer(writer, {2, 4, 6, 8}, {include ? 1.0F : 2.0F, 3, 5, 7});
  }
}

TEST(ReduceMean, OverHeightAndWidth) {
  OnnxWriter writer("g", "x", {1, 2, 2, 2});
  onnx::NodeProto& node = writer.node("ReduceMean", "y", {"x"});
  OnnxWriter::set(node, "axes", Dims{-1, -2});
  OnnxWriter::set(node, "keepdims", std::int64_t{0});
  writer.output("y", {});
  expect_answer(writer, counting(8), {1.5F, 5.5F});
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
}  // namespace pw
