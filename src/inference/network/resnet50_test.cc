// SPDX-License-Identifier: GPL-3.0-or-later
// The real network on a real photo, and the synthetic one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <vector>

#include "inference/ground/test_data.h"
#include "inference/models/models.h"
#include "inference/models/synthetic_resnet.h"
#include "inference/network/network.h"
#include "inference/onnx/read.h"
#include "inference/photos/photo.h"
#include "inference/rewrite/fuse.h"
#include "os/file.h"

namespace pw::inference {
namespace {

std::vector<float> reference_probabilities() {
  const auto bytes =
      read_file(test::shared_folder() / "reference" / "hotdog500_resnet50-keras_probs_500x1000.f32");
  std::vector<float> row(1000);
  if (!bytes || bytes->size() < row.size() * sizeof(float)) return {};
  std::memcpy(row.data(), bytes->data(), row.size() * sizeof(float));
  return row;
}

std::vector<float> reference_pixels(const InputShape& shape) {
  const auto rgb = read_file(test::shared_folder() / "reference" / "hotdog_0001_rgb224_nearest.u8");
  if (!rgb || rgb->size() != 224 * 224 * 3) return {};
  std::vector<float> pixels(rgb->size());
  preprocess(std::span(reinterpret_cast<const std::uint8_t*>(rgb->data()), rgb->size()), shape,
             *find_preprocess("caffe"), pixels);
  return pixels;
}

TEST(ResNet50, GivesKerasProbabilitiesForARealPhoto) {
  const auto model = find_model("resnet50");
  ASSERT_TRUE(model) << one_line(model.error());
  if (!model->present) GTEST_SKIP() << "resnet50 is not in the cache: perfwatt model fetch resnet50";
  const std::vector<float> expected = reference_probabilities();
  if (expected.empty()) GTEST_SKIP() << "no reference answers in " << test::shared_folder();
  for (const int threads : {1, 2}) {
    auto network = Network::load(model->file, {threads});
    ASSERT_TRUE(network) << one_line(network.error());
    EXPECT_EQ(network->metadata("perfwatt.preprocess"), "caffe");
    ASSERT_EQ(network->classes(), 1000);
    std::vector<float> scores(1000);
    ASSERT_TRUE(network->run(reference_pixels(network->input()), scores));
    // Of a photo that is a hot dog with probability 1 all others are tiny: their ratios show the logits.
    float largest = 0, ratio = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
      largest = std::max(largest, std::abs(scores[i] - expected[i]));
      ratio = std::max(ratio, std::abs(scores[i] / expected[i] - 1.0F));
    }
    EXPECT_LE(largest, 1e-5F) << threads << " threads";
    EXPECT_LE(ratio, 1e-3F) << threads << " threads";
    EXPECT_EQ(std::max_element(scores.begin(), scores.end()) - scores.begin(), 934);
  }
}

TEST(ResNet50, SyntheticFusesIntoOneNodePerConvolutionAndRunsFinitely) {
  const std::string bytes = synthetic_resnet50().bytes();
  auto graph = parse_onnx(bytes);
  ASSERT_TRUE(graph) << one_line(graph.error());
  EXPECT_EQ(graph->nodes.size(), 179U);
  fuse(*graph);
  std::map<std::string, int> left;
  for (const Node& node : graph->nodes) ++left[node.op];
  EXPECT_THAT(left, testing::ElementsAre(testing::Pair("Conv", 53), testing::Pair("Flatten", 1),
                                         testing::Pair("Gemm", 1), testing::Pair("GlobalAveragePool", 1),
                                         testing::Pair("MaxPool", 1), testing::Pair("Softmax", 1),
                                         testing::Pair("Transpose", 1)));

  const auto folder = TempFolder::make();
  ASSERT_TRUE(folder);
  ASSERT_TRUE(write_file(folder->path() / "s.onnx", bytes));
  auto network = Network::load(folder->path() / "s.onnx", {1});
  ASSERT_TRUE(network) << one_line(network.error());
  std::vector<float> pixels(224 * 224 * 3);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<float>(i % 251) - 125.0F;
  std::vector<float> scores(1000), again(1000);
  ASSERT_TRUE(network->run(pixels, scores));
  ASSERT_TRUE(network->run(pixels, again));
  EXPECT_EQ(scores, again);
  EXPECT_NEAR(std::accumulate(scores.begin(), scores.end(), 0.0), 1.0, 1e-4);
  EXPECT_LT(*std::max_element(scores.begin(), scores.end()), 0.9F);
}

}  // namespace
}  // namespace pw::inference
