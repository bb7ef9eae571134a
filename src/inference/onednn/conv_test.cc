// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions against a loop that follows the definition, alone and with what is fused into them.
#include <algorithm>
#include <cmath>

#include "inference/network/test_answer.h"

namespace pw::inference {
namespace {

using test::expect_answer;
using test::Floats;
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

}  // namespace
}  // namespace pw::inference
