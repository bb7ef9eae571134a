// SPDX-License-Identifier: GPL-3.0-or-later
// Pools against a loop that follows the definition, and the positions of their windows by hand.
#include <cmath>

#include "inference/network/test_answer.h"

namespace pw::inference {
namespace {

using test::counting;
using test::expect_answer;
using test::Floats;
using test::some_floats;

// Along one axis of the input.
struct Axis {
  std::int64_t size, kernel, stride, begin, end, dilation;
  std::int64_t positions;  // expected
};

struct PoolCase {
  const char* op;
  Axis height, width;
  bool ceil, include;
};

bool is_inside(std::int64_t at, const Axis& axis) { return at >= 0 && at < axis.size; }
bool is_padding(std::int64_t at, const Axis& axis) { return at >= -axis.begin && at < axis.size + axis.end; }

float pooled(const Floats& x, std::size_t first, const PoolCase& c, std::int64_t top, std::int64_t left) {
  double sum = 0, highest = -INFINITY;
  int inside = 0, padded = 0;
  for (std::int64_t a = 0; a < c.height.kernel; ++a)
    for (std::int64_t b = 0; b < c.width.kernel; ++b) {
      const std::int64_t row = top * c.height.stride + a * c.height.dilation - c.height.begin;
      const std::int64_t column = left * c.width.stride + b * c.width.dilation - c.width.begin;
      padded += is_padding(row, c.height) && is_padding(column, c.width) ? 1 : 0;
      if (!is_inside(row, c.height) || !is_inside(column, c.width)) continue;
      const double value = x[first + static_cast<std::size_t>(row * c.width.size + column)];
      sum += value;
      highest = std::max(highest, value);
      ++inside;
    }
  if (std::string(c.op) == "MaxPool") return static_cast<float>(highest);
  return static_cast<float>(sum / (c.include ? padded : inside));
}

class Pool : public testing::TestWithParam<PoolCase> {};

TEST_P(Pool, IsWhatTheDefinitionSays) {
  const PoolCase& c = GetParam();
  constexpr std::size_t kChannels = 3;
  const auto area = static_cast<std::size_t>(c.height.size * c.width.size);
  const Floats x = some_floats(kChannels * area);
  Floats expected;
  for (std::size_t channel = 0; channel < kChannels; ++channel)
    for (std::int64_t row = 0; row < c.height.positions; ++row)
      for (std::int64_t column = 0; column < c.width.positions; ++column)
        expected.push_back(pooled(x, channel * area, c, row, column));
  OnnxWriter writer("g", "x", {1, kChannels, c.height.size, c.width.size});
  onnx::NodeProto& node = writer.node(c.op, "y", {"x"});
  OnnxWriter::set(node, "kernel_shape", Dims{c.height.kernel, c.width.kernel});
  OnnxWriter::set(node, "strides", Dims{c.height.stride, c.width.stride});
  OnnxWriter::set(node, "dilations", Dims{c.height.dilation, c.width.dilation});
  OnnxWriter::set(node, "pads", Dims{c.height.begin, c.width.begin, c.height.end, c.width.end});
  OnnxWriter::set(node, "ceil_mode", std::int64_t{c.ceil});
  OnnxWriter::set(node, "count_include_pad", std::int64_t{c.include});
  writer.output("y", {});
  expect_answer(writer, x, expected);
}

// size, kernel, stride, begin, end, dilation: positions
constexpr Axis kPlain{6, 3, 1, 0, 0, 1, 4}, kUneven{6, 3, 2, 1, 0, 1, 3}, kUnevenEnd{5, 3, 1, 0, 2, 1, 5},
    kCeil{6, 3, 2, 0, 0, 1, 3},           // the last window reaches one past the end
    kCeilPadded{6, 3, 3, 1, 1, 1, 3},     // the last window has a number, a padding and nothing
    kCeilInPadding{4, 2, 3, 1, 1, 1, 2},  // a third window would start in the padding: there is none
    kCeilFits{5, 3, 2, 0, 0, 1, 2},       // as floor
    kDilated{9, 3, 2, 0, 0, 2, 3}, kDilatedPadded{9, 3, 1, 2, 1, 3, 6}, kDilatedCeil{8, 2, 3, 0, 0, 3, 3};

INSTANTIATE_TEST_SUITE_P(All, Pool,
                         testing::Values(PoolCase{"MaxPool", kPlain, kUneven, false, false},
                                         PoolCase{"MaxPool", kUnevenEnd, kPlain, false, false},
                                         PoolCase{"MaxPool", kCeil, kCeilPadded, true, false},
                                         PoolCase{"MaxPool", kCeilInPadding, kCeilFits, true, false},
                                         PoolCase{"MaxPool", kDilated, kDilatedPadded, false, false},
                                         PoolCase{"MaxPool", kDilatedCeil, kPlain, true, false},
                                         PoolCase{"AveragePool", kUneven, kUnevenEnd, false, false},
                                         PoolCase{"AveragePool", kUneven, kUnevenEnd, false, true},
                                         PoolCase{"AveragePool", kCeil, kCeilPadded, true, false},
                                         PoolCase{"AveragePool", kCeil, kCeilPadded, true, true},
                                         PoolCase{"AveragePool", kCeilInPadding, kCeilFits, true, true},
                                         PoolCase{"AveragePool", kCeilFits, kPlain, true, true}));

TEST(PoolPadding, OfSameCountsWhereItIsToldTo) {
  for (const bool upper : {true, false})
    for (const std::int64_t include : {0, 1}) {
      OnnxWriter writer("g", "x", {1, 1, 1, 3});
      onnx::NodeProto& node = writer.node("AveragePool", "y", {"x"});
      OnnxWriter::set(node, "kernel_shape", Dims{1, 2});
      OnnxWriter::set(node, "auto_pad", upper ? "SAME_UPPER" : "SAME_LOWER");
      OnnxWriter::set(node, "count_include_pad", include);
      OnnxWriter::set(node, "ceil_mode", std::int64_t{1});
      writer.output("y", {});
      const float edge = include ? 0.5F : 1.0F;
      expect_answer(writer, {2, 4, 6}, upper ? Floats{3, 5, 6 * edge} : Floats{2 * edge, 3, 5});
    }
}

TEST(PoolPadding, OfValidIsNone) {
  OnnxWriter writer("g", "x", {1, 1, 1, 5});
  onnx::NodeProto& node = writer.node("MaxPool", "y", {"x"});
  OnnxWriter::set(node, "kernel_shape", Dims{1, 2});
  OnnxWriter::set(node, "strides", Dims{1, 2});
  OnnxWriter::set(node, "auto_pad", "VALID");
  writer.output("y", {});
  expect_answer(writer, {1, 2, 3, 4, 5}, {2, 4});
}

TEST(ReduceMean, OverAnyAxes) {
  const Floats x = counting(8);  // 1x2x2x2
  const std::vector<std::pair<Dims, Floats>> cases = {{{1}, {2, 3, 4, 5}},
                                                      {{-1}, {0.5F, 2.5F, 4.5F, 6.5F}},
                                                      {{1, 2}, {3, 4}},
                                                      {{2, 3}, {1.5F, 5.5F}},
                                                      {{}, {3.5F}}};
  for (const auto& [axes, expected] : cases) {
    OnnxWriter writer("g", "x", {1, 2, 2, 2});
    onnx::NodeProto& node = writer.node("ReduceMean", "y", {"x"});
    if (!axes.empty()) OnnxWriter::set(node, "axes", axes);
    writer.output("y", {});
    expect_answer(writer, x, expected);
  }
}

TEST(ReduceMean, OverDimensionsOfOne) {
  for (const std::int64_t keep : {0, 1})
    for (const Dims& axes : {Dims{0}, Dims{2}, Dims{0, 2}}) {
      OnnxWriter writer("g", "x", {1, 2, 1, 3});
      onnx::NodeProto& node = writer.node("ReduceMean", "y", {"x"});
      OnnxWriter::set(node, "axes", axes);
      OnnxWriter::set(node, "keepdims", keep);
      writer.output("y", {});
      expect_answer(writer, counting(6), counting(6));
    }
}

TEST(ReduceMean, OfOpset18TakesItsAxesFromAnInput) {
  OnnxWriter writer("g", "x", {1, 2, 2});
  writer.model().mutable_opset_import(0)->set_version(18);
  writer.integers("a", Dims{2});
  writer.node("ReduceMean", "m", {"x", "a"});
  OnnxWriter::set(writer.node("ReduceMean", "y", {"m"}), "noop_with_empty_axes", std::int64_t{1});
  writer.output("y", {});
  expect_answer(writer, counting(4), {0.5F, 2.5F});
}

TEST(GlobalAveragePool, IsTheMeanOfEachChannel) {
  OnnxWriter writer("g", "x", {1, 2, 2, 3});
  writer.node("GlobalAveragePool", "y", {"x"});
  writer.output("y", {});
  expect_answer(writer, counting(12), {2.5F, 8.5F});
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

}  // namespace
}  // namespace pw::inference
