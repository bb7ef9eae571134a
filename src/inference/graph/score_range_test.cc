// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/graph/score_range.h"

#include <gtest/gtest.h>

#include <functional>

#include "inference/network/test_graph.h"
#include "inference/onnx/proto.h"

namespace pw::inference {
namespace {

using test::Floats;

// `add`: the nodes from the image 'x' of 1x4 to the output 'y'.
bool probabilities_after(const std::function<void(OnnxWriter&)>& add) {
  OnnxWriter writer("g", "x", {1, 4});
  writer.weights("half", {}, Floats{0.5F});
  writer.weights("third", {}, Floats{1.0F / 3});
  writer.weights("ten", {1}, Floats{10});
  writer.weights("zero", {}, Floats{0});
  writer.weights("one", {}, Floats{1});
  writer.weights("w", {4, 4}, Floats(16, 0.1F));
  add(writer);
  writer.output("y", {});
  const auto graph = parse_onnx(writer.bytes());
  EXPECT_TRUE(graph) << one_line(graph.error());
  return graph && scores_are_probabilities(*graph);
}

bool after(const std::vector<std::vector<std::string>>& nodes) {
  return probabilities_after([&](OnnxWriter& writer) {
    for (const auto& node : nodes) writer.node(node[0], node[1], {node.begin() + 2, node.end()});
  });
}

TEST(ScoreRange, OfWhatEndsInProbabilities) {
  EXPECT_TRUE(after({{"Softmax", "y", "x"}}));
  EXPECT_TRUE(after({{"Sigmoid", "y", "x"}}));
  EXPECT_TRUE(
      after({{"Sigmoid", "s", "x"}, {"Flatten", "f", "s"}, {"Dropout", "d", "f"}, {"Identity", "y", "d"}}));
  EXPECT_TRUE(after({{"Clip", "y", "x", "zero", "one"}}));
  EXPECT_TRUE(after({{"Softmax", "s", "x"}, {"ReduceMean", "y", "s"}}));
}

TEST(ScoreRange, OfAMeanOfSeveralModels) {
  EXPECT_TRUE(after(
      {{"Softmax", "a", "x"}, {"Sigmoid", "b", "x"}, {"Add", "s", "a", "b"}, {"Mul", "y", "s", "half"}}));
  EXPECT_TRUE(after(
      {{"Sigmoid", "a", "x"}, {"Add", "b", "a", "a"}, {"Add", "c", "b", "a"}, {"Mul", "y", "c", "third"}}));
  EXPECT_TRUE(after({{"Sigmoid", "a", "x"}, {"Concat", "b", "a", "a"}, {"Sub", "y", "one", "b"}}));
  EXPECT_FALSE(after({{"Softmax", "a", "x"}, {"Sigmoid", "b", "x"}, {"Add", "y", "a", "b"}}));
}

TEST(ScoreRange, OfLogitsWhateverTheirNumbers) {
  EXPECT_FALSE(after({{"MatMul", "y", "x", "w"}}));
  EXPECT_FALSE(after({{"Relu", "y", "x"}}));
  EXPECT_FALSE(after({{"Sigmoid", "s", "x"}, {"MatMul", "y", "s", "w"}}));
  EXPECT_FALSE(after({{"Sigmoid", "s", "x"}, {"Mul", "y", "s", "x"}}));
  EXPECT_FALSE(after({{"Softmax", "s", "x"}, {"Mul", "y", "s", "ten"}}));
  EXPECT_FALSE(after({{"Softmax", "s", "x"}, {"Div", "y", "x", "s"}}));
  EXPECT_FALSE(after({{"Mul", "m", "x", "zero"}, {"Add", "y", "m", "half"}}));
}

}  // namespace
}  // namespace pw::inference
