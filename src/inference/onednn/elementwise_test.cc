// SPDX-License-Identifier: GPL-3.0-or-later
// Arithmetic element by element, with all that repeats, and LRN.
#include <cmath>

#include "inference/network/test_answer.h"

namespace pw::inference {
namespace {

using test::error_of;
using test::expect_answer;
using test::Floats;
using test::some_floats;

float computed(const std::string& op, float a, float b) {
  if (op == "Add") return a + b;
  if (op == "Sub") return a - b;
  return op == "Mul" ? a * b : a / b;
}

// x is 1x2x3x2; the other side is a constant of `dims` whose element for (c, h, w) is `place(c, h, w)`.
template <class Place>
void expect_with_constant(const Dims& dims, const Place& place) {
  const Floats x = some_floats(12, 5);
  Floats constant = some_floats(static_cast<std::size_t>(element_count(dims)), 9);
  for (float& value : constant) value += value < 0 ? -1.0F : 1.0F;  // none near zero
  for (const char* op : {"Add", "Sub", "Mul", "Div"})
    for (const bool first : {false, true}) {
      if (first && std::string(op) == "Div") continue;
      Floats expected;
      for (std::size_t i = 0; i < x.size(); ++i) {
        const float other = constant[place(i / 6, i / 2 % 3, i % 2)];
        expected.push_back(first ? computed(op, other, x[i]) : computed(op, x[i], other));
      }
      OnnxWriter writer("g", "x", {1, 2, 3, 2});
      writer.weights("c", dims, constant);
      writer.node(op, "y", first ? std::vector<std::string>{"c", "x"} : std::vector<std::string>{"x", "c"});
      writer.output("y", {});
      SCOPED_TRACE(std::string(op) + " " + dims_text(dims) + (first ? " first" : ""));
      expect_answer(writer, x, expected);
    }
}

TEST(Binary, RepeatsAConstantOfAnyShape) {
  using Size = std::size_t;
  expect_with_constant({}, [](Size, Size, Size) { return Size{0}; });
  expect_with_constant({1}, [](Size, Size, Size) { return Size{0}; });
  expect_with_constant({2}, [](Size, Size, Size w) { return w; });
  expect_with_constant({3, 1}, [](Size, Size h, Size) { return h; });
  expect_with_constant({2, 1, 1}, [](Size c, Size, Size) { return c; });
  expect_with_constant({1, 2, 1, 2}, [](Size c, Size, Size w) { return c * 2 + w; });
  expect_with_constant({1, 2, 3, 2}, [](Size c, Size h, Size w) { return c * 6 + h * 2 + w; });
}

TEST(Binary, RepeatsEitherSideOrBoth) {
  for (const char* op : {"Sub", "Mul"}) {  // a column and a row of one input
    OnnxWriter writer("g", "x", {1, 2});
    writer.integers("s", Dims{2, 1});
    writer.node("Reshape", "column", {"x", "s"});
    writer.node(op, "y", {"x", "column"});
    writer.output("y", {});
    expect_answer(writer, {3, 5}, *op == 'S' ? Floats{0, 2, -2, 0} : Floats{9, 15, 15, 25});
  }
  OnnxWriter smaller("g", "x", {1, 2, 1, 2});
  smaller.node("GlobalAveragePool", "m", {"x"});
  smaller.node("Sub", "y", {"m", "x"});
  smaller.output("y", {});
  expect_answer(smaller, {1, 3, 10, 30}, {1, -1, 10, -10});
}

TEST(Binary, MisfitIsAnErrorThatNamesTheNode) {
  OnnxWriter writer("g", "x", {1, 2, 3});
  writer.weights("c", {2}, Floats{1, 2});
  writer.node("Mul", "scale", {"x", "c"});
  writer.output("scale", {});
  EXPECT_EQ(error_of(writer), "node 'scale' (Mul): 1x2x3 and 2 do not fit together");
}

TEST(Sigmoid, IsTheLogisticFunction) {
  OnnxWriter writer("g", "x", {1, 3});
  writer.node("Sigmoid", "y", {"x"});
  writer.output("y", {});
  expect_answer(writer, {0, std::log(3.0F), -200}, {0.5F, 0.75F, 0});
}

TEST(Clip, OfInfinitiesOfNothingAndOfBoundsInTheWrongOrder) {
  OnnxWriter open("g", "x", {1, 3});
  open.node("Clip", "y", {"x"});
  open.output("y", {});
  expect_answer(open, {-3e38F, 0, 3e38F}, {-3e38F, 0, 3e38F});

  OnnxWriter upper("g", "x", {1, 3});
  upper.weights("high", {}, Floats{1});
  upper.node("Clip", "y", {"x", "", "high"});
  upper.output("y", {});
  expect_answer(upper, {-9, 1, 2}, {-9, 1, 1});

  OnnxWriter crossed("g", "x", {1, 3});
  crossed.weights("low", {}, Floats{5});
  crossed.weights("high", {}, Floats{1});
  crossed.node("Clip", "clip", {"x", "low", "high"});
  crossed.output("clip", {});
  EXPECT_EQ(error_of(crossed), "node 'clip' (Clip): its lower bound 5 is above its upper bound 1");
}

TEST(BatchNormalization, OfAListOfNumbersAndOfATransposedImage) {
  const Floats scale{2, 1, -1}, shift{0, 10, 5}, mean{1, 2, 3}, variance{3, 0, 8};  // and epsilon 1
  const auto add = [&](OnnxWriter& writer, const std::string& x) {
    const std::vector<std::pair<std::string, const Floats*>> all = {
        {"s", &scale}, {"b", &shift}, {"m", &mean}, {"v", &variance}};
    for (const auto& [name, floats] : all) writer.weights(name, {3}, *floats);
    OnnxWriter::set(writer.node("BatchNormalization", "y", {x, "s", "b", "m", "v"}), "epsilon", 1.0F);
    writer.output("y", {});
  };
  OnnxWriter list("g", "x", {1, 3});
  add(list, "x");
  expect_answer(list, {3, 3, 9}, {2, 11, 3});

  OnnxWriter image("g", "x", {1, 1, 2, 3});  // NHWC
  OnnxWriter::set(image.node("Transpose", "t", {"x"}), "perm", Dims{0, 3, 1, 2});
  add(image, "t");
  expect_answer(image, {3, 3, 9, 1, 2, 3}, {2, 0, 11, 10, 3, 5});
}

TEST(Lrn, CountsOnlyChannelsThatAreThere) {
  constexpr std::size_t kChannels = 7, kPixels = 6;
  for (const std::int64_t size : {1, 3, 5}) {
    const Floats x = some_floats(kChannels * kPixels, 3);
    Floats expected;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const std::int64_t channel = static_cast<std::int64_t>(i / kPixels);
      double squares = 0;
      for (std::int64_t c = channel - size / 2; c <= channel + size / 2; ++c)
        if (c >= 0 && c < std::int64_t{kChannels})
          squares += std::pow(x[static_cast<std::size_t>(c) * kPixels + i % kPixels], 2);
      expected.push_back(
          static_cast<float>(x[i] / std::pow(2 + 3.0 / static_cast<double>(size) * squares, 0.75)));
    }
    OnnxWriter writer("g", "x", {1, kChannels, 2, 3});
    onnx::NodeProto& node = writer.node("LRN", "y", {"x"});
    OnnxWriter::set(node, "size", size);
    OnnxWriter::set(node, "alpha", 3.0F);
    OnnxWriter::set(node, "bias", 2.0F);
    writer.output("y", {});
    expect_answer(writer, x, expected);
  }
}

TEST(Lrn, OfAnEvenNumberOfChannelsIsRefused) {
  OnnxWriter writer("g", "x", {1, 4, 2, 2});
  OnnxWriter::set(writer.node("LRN", "norm", {"x"}), "size", std::int64_t{4});
  writer.output("norm", {});
  EXPECT_EQ(error_of(writer), "node 'norm' (LRN): a size of 4 is not an odd number up to 4096");
}

}  // namespace
}  // namespace pw::inference
