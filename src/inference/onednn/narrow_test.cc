// SPDX-License-Identifier: GPL-3.0-or-later
// Small graphs in bf16 and int8 against the same in fp32.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <memory>

#include "inference/ground/quantize.h"
#include "inference/network/test_graph.h"
#include "inference/onnx/proto.h"
#include "inference/plan/calibration.h"
#include "inference/plan/formats.h"
#include "inference/plan/precision.h"

namespace pw::inference {
namespace {

using test::Floats;
using test::some_floats;
using Type = dnnl::memory::data_type;

constexpr std::int64_t kNarrowChannels = 16;
const Dims kNarrowImage = {1, kNarrowChannels, 8, 8};

// A graph that begins with five convolutions that change nothing: they are in bf16 where int8 is asked for
// and the CPU has bf16. What comes after them reads "s".
class Graphs {
 public:
  Graphs() : writer_("g", "x", kNarrowImage) {
    Floats same(kNarrowChannels * kNarrowChannels);
    for (std::size_t i = 0; i < kNarrowChannels; ++i) same[i * kNarrowChannels + i] = 1;
    writer_.weights("same", {kNarrowChannels, kNarrowChannels, 1, 1}, same);
    const char* const names[] = {"x", "s1", "s2", "s3", "s4", "s"};
    for (std::size_t i = 0; i < 5; ++i) writer_.node("Conv", names[i + 1], {names[i], "same"});
  }

  onnx::NodeProto& conv(const std::string& y, const std::string& x, std::int64_t kernel,
                        std::int64_t groups = 1, float size = 1, std::int64_t inputs = kNarrowChannels) {
    const Dims dims = {kNarrowChannels, inputs / groups, kernel, kernel};
    Floats w = some_floats(static_cast<std::size_t>(element_count(dims)), ++seed_);
    for (float& weight : w) weight *= size;
    writer_.weights(y + "/w", dims, w);
    writer_.weights(y + "/b", {kNarrowChannels}, some_floats(kNarrowChannels, ++seed_));
    onnx::NodeProto& node = writer_.node("Conv", y, {x, y + "/w", y + "/b"});
    OnnxWriter::set(node, "group", groups);
    OnnxWriter::set(node, "pads", Dims(4, kernel / 2));
    return node;
  }
  void node(const char* op, const std::string& y, const std::vector<std::string>& x) {
    writer_.node(op, y, x);
  }
  OnnxWriter& writer() { return writer_; }
  std::string bytes(const std::string& y) {
    writer_.output(y, {});
    return writer_.bytes();
  }

 private:
  OnnxWriter writer_;
  std::uint32_t seed_ = 10;
};

// y = relu(c2(relu(c1(s))) + c3(s)), read by a convolution: a residual that can be negative.
std::string residual_graph() {
  Graphs g;
  g.conv("c1", "s", 1);
  g.node("Relu", "r1", {"c1"});
  g.conv("c2", "r1", 3);
  g.conv("c3", "s", 1);
  g.node("Add", "a", {"c2", "c3"});
  g.node("Relu", "r2", {"a"});
  g.conv("y", "r2", 1);
  return g.bytes("y");
}

// A residual that is read afterwards too.
std::string kept_residual_graph() {
  Graphs g;
  g.conv("c1", "s", 3);
  g.node("Relu", "r1", {"c1"});
  g.conv("c2", "r1", 1);
  g.node("Add", "a", {"r1", "c2"});
  g.node("Relu", "r2", {"a"});
  g.conv("c3", "r2", 1);
  g.node("Add", "b", {"c3", "r1"});
  g.conv("y", "b", 1);
  return g.bytes("y");
}

std::string depthwise_relu6_graph() {
  Graphs g;
  g.writer().weights("low", {}, Floats{0});
  g.writer().weights("high", {}, Floats{6});
  g.conv("c1", "s", 1, 1, 2.0F);
  g.writer().node("Clip", "r1", {"c1", "low", "high"});
  g.conv("c2", "r1", 3, kNarrowChannels);
  g.writer().node("Clip", "r2", {"c2", "low", "high"});
  g.conv("y", "r2", 1);
  return g.bytes("y");
}

std::string concat_pool_graph(float other_size) {
  Graphs g;
  g.conv("c1", "s", 1);
  g.node("Relu", "r1", {"c1"});
  g.conv("c2", "r1", 1);
  g.node("Relu", "r2", {"c2"});
  g.conv("c3", "r1", 3, 1, other_size);
  g.node("Relu", "r3", {"c3"});
  g.node("Concat", "j", {"r2", "r3"});
  OnnxWriter::set(*g.writer().model().mutable_graph()->mutable_node()->rbegin(), "axis", std::int64_t{1});
  OnnxWriter::set(g.writer().node("MaxPool", "p", {"j"}), "kernel_shape", Dims{2, 2});
  g.conv("y", "p", 3, 1, 1, 2 * kNarrowChannels);
  return g.bytes("y");
}

// An Add that broadcasts, a layer of floats between, a matrix product at the end.
std::string mixed_graph() {
  Graphs g;
  g.conv("c1", "s", 1);
  g.node("GlobalAveragePool", "m", {"c1"});
  g.conv("c2", "s", 1);
  g.node("Add", "a", {"c2", "m"});
  g.node("Relu", "r", {"a"});
  g.node("Softmax", "t", {"r"});
  g.conv("c3", "t", 3);
  g.node("GlobalAveragePool", "v", {"c3"});
  g.node("Flatten", "f", {"v"});
  g.writer().weights("d", {kNarrowChannels, 7}, some_floats(7 * kNarrowChannels, 77));
  g.node("MatMul", "y", {"f", "d"});
  return g.bytes("y");
}

// Multiples of 1/64 up to 1: bf16 holds them.
Floats pixels() {
  Floats x = some_floats(static_cast<std::size_t>(element_count(kNarrowImage)), 5);
  for (float& value : x) value = std::round(value * 64) / 64;
  return x;
}

Calibration calibrate_on(const std::string& bytes, const Floats& input) {
  Calibration calibration;
  auto graph = parse_onnx(bytes);
  fuse(*graph);
  const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  dnnl::stream stream(engine);
  Planner planner(*graph, engine, operators());
  planner.observe([&calibration](const std::string& tensor, std::span<const float> numbers) {
    Histogram histogram;
    histogram.add(numbers);
    calibration.limits[tensor] = clip_limit(histogram, histogram.negative() ? kMostS8 : kMostU8);
  });
  EXPECT_TRUE(planner.plan());
  const Planner::Made made = planner.take();
  std::copy(input.begin(), input.end(), static_cast<float*>(made.input.buffer.get()));
  for (const Step& step : made.steps) step.run(stream);
  stream.wait();
  return calibration;
}

// Root of the mean squared difference, as a part of the expected numbers' own.
double relative_error(const Floats& got, const Floats& expected) {
  double errors = 0, squares = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    errors += std::pow(got.at(i) - expected[i], 2);
    squares += std::pow(expected[i], 2);
  }
  return std::sqrt(errors / squares);
}

class Narrow : public testing::TestWithParam<Precision> {
 protected:
  void SetUp() override {
    if (const auto can = check_precision(GetParam(), Backend::onednn, usable_isa()); !can)
      GTEST_SKIP() << "SKIPPED LOUDLY: " << can.error().what;
  }

  // bf16 keeps 8 bits of each number: an error of 2^-9 / sqrt(3) = 0.11 % on average, 0.4 % after a dozen of
  // roundings. int8 rounds numbers that are about a third of the largest to 1/255 or 1/127 of it, an error of
  // 0.3 to 0.7 % each, 1.5 % after five; what is beyond twice that is wrong.
  void expect_close(const std::string& bytes) {
    const Floats input = pixels();
    const auto expected = test::run_graph(bytes, input);
    ASSERT_TRUE(expected) << one_line(expected.error());
    NetworkOptions options;
    options.precision = GetParam();
    if (GetParam() == Precision::int8)
      options.calibration = std::make_shared<Calibration>(calibrate_on(bytes, input));
    for (const bool fused : {true, false}) {
      const auto got = test::run_graph(bytes, input, fused, options);
      ASSERT_TRUE(got) << one_line(got.error());
      ASSERT_EQ(got->size(), expected->size());
      const double error = relative_error(*got, *expected);
      EXPECT_LT(error, GetParam() == Precision::bf16 ? 0.008 : 0.03) << (fused ? "fused" : "not fused");
      EXPECT_GT(error, 1e-6) << "not computed in " << precision_name(GetParam());
    }
  }
};

TEST_P(Narrow, Residual) { expect_close(residual_graph()); }
TEST_P(Narrow, ResidualThatIsReadAgain) { expect_close(kept_residual_graph()); }
TEST_P(Narrow, DepthwiseBetweenBounds) { expect_close(depthwise_relu6_graph()); }
TEST_P(Narrow, ConcatOfOneSize) { expect_close(concat_pool_graph(1)); }
TEST_P(Narrow, ConcatOfDifferentSizes) { expect_close(concat_pool_graph(4)); }
TEST_P(Narrow, FloatsBetween) { expect_close(mixed_graph()); }

INSTANTIATE_TEST_SUITE_P(All, Narrow, testing::Values(Precision::bf16, Precision::int8),
                         [](const auto& test) { return precision_name(test.param); });

std::map<std::string, Format> formats_of(const std::string& bytes, bool bf16,
                                         const std::map<std::string, float>& limits) {
  auto graph = parse_onnx(bytes);
  fuse(*graph);
  NetworkOptions options;
  options.precision = Precision::int8;
  auto calibration = std::make_shared<Calibration>();
  calibration->limits = limits;
  options.calibration = calibration;
  return choose_formats(*graph, operators(), options, bf16);
}

TEST(Formats, WhatABoundKeepsPositiveIsUnsigned) {
  const auto formats =
      formats_of(residual_graph(), true, {{"s", 1}, {"r1", 5.1F}, {"c2", 12.7F}, {"r2", 25.5F}});
  EXPECT_EQ(formats.at("r1"), (Format{Type::u8, scale_of(5.1F, kMostU8)}));
  EXPECT_EQ(formats.at("r2"), (Format{Type::u8, scale_of(25.5F, kMostU8)}));
  EXPECT_EQ(formats.at("c2"), (Format{Type::s8, scale_of(12.7F, kMostS8)}));
  EXPECT_EQ(formats.at("s4"), (Format{Type::bf16, 1}));  // read by one of the first convolutions
  EXPECT_FALSE(formats.contains("x"));
  EXPECT_FALSE(formats.contains("y"));
}

TEST(Formats, WhatIsPutTogetherHasOneScale) {
  const std::map<std::string, float> limits = {{"s", 1}, {"r1", 1}, {"r2", 2}, {"r3", 8}, {"j", 8}, {"p", 7}};
  const auto formats = formats_of(concat_pool_graph(4), true, limits);
  for (const char* tensor : {"r2", "r3", "j", "p"})
    EXPECT_EQ(formats.at(tensor), (Format{Type::u8, scale_of(8, kMostU8)})) << tensor;
}

TEST(Formats, WithoutALimitItIsNotIn8Bits) {
  const auto formats =
      formats_of(concat_pool_graph(4), true, {{"s", 1}, {"r1", 1}, {"r2", 2}, {"j", 8}, {"p", 7}});
  for (const char* tensor : {"r2", "r3", "j", "p"})  // r3 has none
    EXPECT_FALSE(formats.contains(tensor) && formats.at(tensor).eight_bits()) << tensor;
  EXPECT_TRUE(formats.at("r1").eight_bits());
}

TEST(Formats, WithoutBf16TheFirstConvolutionsAreIn8BitsToo) {
  const auto formats = formats_of(residual_graph(), false, {{"x", 1}, {"s1", 1}, {"s", 1}, {"r1", 1}});
  EXPECT_EQ(formats.at("x"), (Format{Type::s8, scale_of(1, kMostS8)}));
  EXPECT_EQ(formats.at("s1"), (Format{Type::s8, scale_of(1, kMostS8)}));
}

TEST(Planner, RefusesInt8WithoutACalibration) {
  if (!check_precision(Precision::int8, Backend::onednn, usable_isa())) GTEST_SKIP() << "no int8 here";
  NetworkOptions options;
  options.precision = Precision::int8;
  const auto ran = test::run_graph(residual_graph(), pixels(), true, options);
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().what, "nothing in it can be computed in int8 without a calibration");
}

TEST(Planner, RefusesANarrowNetworkOnBlas) {
  NetworkOptions options;
  options.precision = Precision::bf16;
  options.backend = Backend::blas;
  const auto ran = test::run_graph(residual_graph(), pixels(), true, options);
  ASSERT_FALSE(ran);
  EXPECT_EQ(ran.error().kind, Failure::not_possible);
}

}  // namespace
}  // namespace pw::inference
