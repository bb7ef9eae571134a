// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions of the BLAS backend against the definition, and whole networks against oneDNN.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

#include "inference/ground/team.h"
#include "inference/ground/test_data.h"
#include "inference/models/synthetic_resnet.h"
#include "inference/network/network.h"
#include "inference/network/test_graph.h"
#include "os/file.h"

namespace pw::inference {
namespace {

using test::Floats;
using test::some_floats;

struct Case {
  const char* name;
  std::int64_t inputs, outputs, height, width, groups;
  std::array<std::int64_t, 2> kernel, stride, dilation;
  std::array<std::int64_t, 4> pads;  // top, left, bottom, right
  std::int64_t batch = 1;

  std::int64_t positions(std::size_t axis) const {
    const std::int64_t size = axis == 0 ? height : width;
    return (size + pads[axis] + pads[axis + 2] - (kernel[axis] - 1) * dilation[axis] - 1) / stride[axis] + 1;
  }
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

float at(const Floats& x, const Case& c, std::int64_t image, std::int64_t channel, std::int64_t row,
         std::int64_t column) {
  if (row < 0 || row >= c.height || column < 0 || column >= c.width) return 0;
  return x[static_cast<std::size_t>(((image * c.inputs + channel) * c.height + row) * c.width + column)];
}

float sum_at(const Floats& x, const Floats& w, const Case& c, std::int64_t image, std::int64_t output,
             std::int64_t row, std::int64_t column) {
  const std::int64_t per_group = c.inputs / c.groups, group = output / (c.outputs / c.groups);
  double sum = 0;
  std::size_t weight = static_cast<std::size_t>(output * per_group * c.kernel[0] * c.kernel[1]);
  for (std::int64_t i = 0; i < per_group; ++i)
    for (std::int64_t a = 0; a < c.kernel[0]; ++a)
      for (std::int64_t b = 0; b < c.kernel[1]; ++b)
        sum += double{w[weight++]} * at(x, c, image, group * per_group + i,
                                        row * c.stride[0] + a * c.dilation[0] - c.pads[0],
                                        column * c.stride[1] + b * c.dilation[1] - c.pads[1]);
  return static_cast<float>(sum);
}

// relu(conv + bias + residual)
Floats naive(const Floats& x, const Floats& w, const Floats& bias, const Floats& residual, const Case& c) {
  Floats y;
  for (std::int64_t image = 0; image < c.batch; ++image)
    for (std::int64_t o = 0; o < c.outputs; ++o)
      for (std::int64_t row = 0; row < c.positions(0); ++row)
        for (std::int64_t column = 0; column < c.positions(1); ++column)
          y.push_back(std::max(0.0F, sum_at(x, w, c, image, o, row, column) +
                                         bias[static_cast<std::size_t>(o)] + residual[y.size()]));
  return y;
}

// The residual is a second convolution of the same kind with other weights.
std::string graph_of(const Case& c, const Floats& w, const Floats& other, const Floats& bias) {
  OnnxWriter writer("g", "x", {c.batch, c.inputs, c.height, c.width});
  const Dims dims = {c.outputs, c.inputs / c.groups, c.kernel[0], c.kernel[1]};
  writer.weights("w", dims, w);
  writer.weights("v", dims, other);
  writer.weights("b", {c.outputs}, bias);
  for (const auto& [name, inputs] :
       {std::pair{"r", std::vector<std::string>{"x", "v"}}, {"c", {"x", "w", "b"}}}) {
    onnx::NodeProto& node = writer.node("Conv", name, inputs);
    OnnxWriter::set(node, "group", c.groups);
    OnnxWriter::set(node, "strides", Dims(c.stride.begin(), c.stride.end()));
    OnnxWriter::set(node, "dilations", Dims(c.dilation.begin(), c.dilation.end()));
    OnnxWriter::set(node, "pads", Dims(c.pads.begin(), c.pads.end()));
  }
  writer.node("Add", "s", {"c", "r"});
  writer.node("Relu", "y", {"s"});
  writer.output("y", {});
  return writer.bytes();
}

class BlasConv : public testing::TestWithParam<Case> {};

TEST_P(BlasConv, IsWhatTheDefinitionSays) {
  const Case& c = GetParam();
  const auto count = static_cast<std::size_t>(c.outputs * c.inputs / c.groups * c.kernel[0] * c.kernel[1]);
  const Floats x = some_floats(static_cast<std::size_t>(c.batch * c.inputs * c.height * c.width));
  const Floats w = some_floats(count, 2), other = some_floats(count, 4);
  const Floats bias = some_floats(static_cast<std::size_t>(c.outputs), 3);
  Floats residual;
  for (std::int64_t image = 0; image < c.batch; ++image)
    for (std::int64_t o = 0; o < c.outputs; ++o)
      for (std::int64_t row = 0; row < c.positions(0); ++row)
        for (std::int64_t column = 0; column < c.positions(1); ++column)
          residual.push_back(sum_at(x, other, c, image, o, row, column));
  const Floats expected = naive(x, w, bias, residual, c);
  float largest = 1;
  for (const float value : expected) largest = std::max(largest, std::abs(value));
  const std::string bytes = graph_of(c, w, other, bias);
  for (const int threads : {1, 2})
    for (const bool winograd : {false, true}) {
      NetworkOptions options;
      options.backend = Backend::blas;
      options.winograd = winograd;
      set_team_size(threads);
      const auto y = test::run_graph(bytes, x, true, options, winograd ? "winograd" : "");
      ASSERT_TRUE(y) << one_line(y.error());
      EXPECT_THAT(*y, testing::Pointwise(testing::FloatNear(2e-5F * largest), expected))
          << threads << " threads" << (winograd ? ", winograd" : "");
    }
}

constexpr std::array<std::int64_t, 2> k1 = {1, 1}, k2 = {2, 2}, k3 = {3, 3}, k7 = {7, 7};

INSTANTIATE_TEST_SUITE_P(
    All, BlasConv,
    testing::Values(Case{"1x1", 70, 66, 14, 14, 1, k1, k1, k1, {}},
                    Case{"1x1 batch 3", 8, 5, 9, 7, 1, k1, k1, k1, {}, 3},
                    Case{"1x1 stride 2", 16, 40, 15, 13, 1, k1, k2, k1, {}},
                    Case{"1x1 padded", 4, 6, 5, 5, 1, k1, k1, k1, {1, 0, 1, 2}},
                    Case{"3x3", 24, 20, 14, 14, 1, k3, k1, k1, {1, 1, 1, 1}},
                    Case{"3x3 deep", 65, 33, 7, 7, 1, k3, k1, k1, {1, 1, 1, 1}},
                    Case{"3x3 wide", 3, 130, 29, 31, 1, k3, k1, k1, {1, 1, 1, 1}},
                    Case{"3x3 batch 3", 5, 7, 10, 11, 1, k3, k1, k1, {1, 1, 1, 1}, 3},
                    Case{"3x3 no pads", 6, 7, 9, 12, 1, k3, k1, k1, {}},
                    Case{"3x3 asymmetric pads", 6, 7, 9, 8, 1, k3, k1, k1, {2, 0, 1, 3}},
                    Case{"3x3 smaller than a tile", 6, 7, 2, 3, 1, k3, k1, k1, {1, 1, 1, 1}},
                    Case{"3x3 stride 2", 9, 10, 15, 14, 1, k3, k2, k1, {0, 0, 1, 1}},
                    Case{"7x7 stride 2", 3, 16, 33, 30, 1, k7, k2, k1, {3, 3, 2, 2}},
                    Case{"dilation", 4, 6, 12, 11, 1, k3, k1, k2, {2, 2, 2, 2}},
                    Case{"depthwise", 12, 12, 11, 13, 12, k3, k1, k1, {1, 1, 1, 1}},
                    Case{"depthwise stride 2 batch 3", 4, 4, 12, 11, 4, k3, k2, k1, {0, 0, 1, 1}, 3},
                    Case{"depthwise stride 2 odd", 3, 3, 13, 14, 3, k3, k2, k1, {1, 1, 1, 1}},
                    Case{"depthwise stride 2 far pads", 3, 3, 9, 10, 3, k3, k2, k1, {2, 2, 2, 2}},
                    Case{"depthwise mixed strides", 3, 3, 9, 10, 3, k3, {1, 2}, k1, {1, 1, 1, 1}},
                    Case{"depthwise dilation", 4, 4, 12, 11, 4, k3, k1, k2, {1, 2, 3, 2}},
                    Case{"groups", 12, 18, 8, 9, 3, k3, k1, k1, {1, 1, 1, 1}, 3},
                    Case{"depthwise with two outputs a channel", 5, 10, 8, 9, 5, k3, k1, k1, {1, 1, 1, 1}},
                    Case{"uneven kernel", 5, 6, 9, 9, 1, {1, 7}, {2, 3}, k1, {0, 3, 0, 3}}));

Floats scores_of(const std::filesystem::path& onnx, Backend backend, int threads) {
  NetworkOptions options;
  options.threads = threads;
  options.backend = backend;
  auto network = Network::load(onnx, options);
  EXPECT_TRUE(network) << one_line(network.error());
  if (!network) return {};
  const InputShape shape = network->input();
  const Floats pixels = some_floats(static_cast<std::size_t>(shape.height * shape.width * 3), 7);
  Floats scores(static_cast<std::size_t>(network->classes()));
  EXPECT_TRUE(network->run(pixels, scores));
  return scores;
}

// Logits of probabilities, but for a constant.
Floats logits(Floats scores) {
  const double sum = std::accumulate(scores.begin(), scores.end(), 0.0);
  const bool probabilities = std::abs(sum - 1) < 1e-3 && *std::min_element(scores.begin(), scores.end()) > 0;
  if (!probabilities) return scores;
  for (float& score : scores) score = std::log(score);
  return scores;
}

void expect_same(const std::filesystem::path& onnx) {
  const Floats expected = logits(scores_of(onnx, Backend::onednn, 2));
  for (const int threads : {1, 2}) {
    const Floats got = logits(scores_of(onnx, Backend::blas, threads));
    ASSERT_EQ(got.size(), expected.size());
    float largest = 0, difference = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
      largest = std::max(largest, std::abs(expected[i]));
      difference = std::max(difference, std::abs(expected[i] - got[i]));
    }
    EXPECT_LE(difference, 1e-4F * largest) << onnx << ", " << threads << " threads";
    EXPECT_GT(largest, 0);
  }
}

TEST(Backends, GiveTheSameLogitsOfResNet50) {
  const auto folder = TempFolder::make();
  ASSERT_TRUE(folder);
  ASSERT_TRUE(write_file(folder->path() / "r.onnx", synthetic_resnet50().bytes()));
  expect_same(folder->path() / "r.onnx");
}

class SharedModel : public testing::TestWithParam<const char*> {};

TEST_P(SharedModel, GivesTheSameLogitsOnBothBackends) {
  const auto onnx = test::shared_folder() / "models" / GetParam();
  if (!std::filesystem::exists(onnx)) GTEST_SKIP() << "there is no " << onnx;
  expect_same(onnx);
}

INSTANTIATE_TEST_SUITE_P(All, SharedModel,
                         testing::Values("mobilenet_v1_1.0_224-nhwc.onnx",
                                         "squeezenet1.1-imagenet-nchw227.onnx"));

TEST(Backends, NameTheImplementationOfEachLayer) {
  const auto folder = TempFolder::make();
  ASSERT_TRUE(folder);
  ASSERT_TRUE(write_file(folder->path() / "r.onnx", synthetic_model("resnet14-synthetic")->bytes()));
  NetworkOptions options;
  options.backend = Backend::blas;
  options.winograd = false;
  const auto network = Network::load(folder->path() / "r.onnx", options);
  ASSERT_TRUE(network) << one_line(network.error());
  std::map<std::string, int> implementations;
  for (const Layer& layer : network->layers())
    if (layer.op == "Conv") ++implementations[layer.implementation];
  EXPECT_GT(implementations["blas sgemm 1x1"], 0);
  EXPECT_GT(implementations["blas im2col+sgemm"], 0);
  EXPECT_EQ(implementations.count("blas winograd 4x4"), 0U);
}

}  // namespace
}  // namespace pw::inference
