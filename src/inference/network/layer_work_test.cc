// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/network/layer_work.h"

#include <gmock/gmock.h>

namespace pw::inference {
namespace {

Node node(const char* name, const char* op, std::vector<std::string> inputs) {
  Node one;
  one.name = name;
  one.op = op;
  one.inputs = std::move(inputs);
  return one;
}

Graph graph() {
  Graph one;
  one.nodes = {node("conv", "Conv", {"x", "w"}), node("dense", "Gemm", {"y", "d"}),
               node("pool", "MaxPool", {"y"}), node("odd", "Softmax", {"y"})};
  one.constants["w"].dims = {64, 3, 7, 7};
  one.constants["d"].dims = {1000, 2048};
  Attribute window;
  window.integers = {3, 3};
  one.nodes[2].attributes["kernel_shape"] = window;
  return one;
}

TEST(LayerWork, OfAConvolutionIsItsSumsOfProducts) {
  const Layer layer{"conv", "Conv", "brgconv:avx2", {1, 3, 224, 224}, {1, 64, 112, 112}};
  const LayerWork work = work_of(graph(), layer);
  EXPECT_EQ(work.flops, 2.0 * 64 * 112 * 112 * 3 * 7 * 7);
  EXPECT_EQ(work.bytes, 4.0 * (3 * 224 * 224 + 64 * 112 * 112 + 64 * 3 * 7 * 7));
  EXPECT_EQ(work.how, "brgconv:avx2, 1x3x224x224 -> 1x64x112x112");
  Graph added = graph();
  added.nodes[0].residual = "r";
  EXPECT_EQ(work_of(added, layer).flops - work.flops, 64.0 * 112 * 112);
  EXPECT_EQ(work_of(graph(), layer, 2).bytes, work.bytes / 2);
}

TEST(LayerWork, OfOtherOperators) {
  EXPECT_EQ(work_of(graph(), {"dense", "Gemm", "", {4, 2048}, {4, 1000}}).flops, 2.0 * 4 * 1000 * 2048);
  EXPECT_EQ(work_of(graph(), {"pool", "MaxPool", "", {1, 64, 112, 112}, {1, 64, 56, 56}}).flops,
            9.0 * 64 * 56 * 56);
  EXPECT_EQ(work_of(graph(), {"odd", "Softmax", "", {1, 10}, {1, 10}}).flops, 0);
  EXPECT_EQ(work_of(graph(), {"gone", "Conv", "", {1, 10}, {1, 10}}).flops, 0);
  EXPECT_EQ(work_of(graph(), {"conv", "Conv", "reorder jit", {1, 10}, {1, 10}}).flops, 0);
  EXPECT_EQ(work_of(graph(), {"conv", "Conv", "reorder jit", {1, 10}, {1, 10}}).bytes, 80);
}

TEST(LayerWork, NeedsTheShapesAlone) {
  const Layer layer{"conv", "Conv", "", {1, 3, 224, 224}, {1, 64, 112, 112}};
  EXPECT_EQ(work_of(shapes_of(graph()), layer).flops, work_of(graph(), layer).flops);
}

}  // namespace
}  // namespace pw::inference
