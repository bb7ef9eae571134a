// SPDX-License-Identifier: GPL-3.0-or-later
// What exporters leave in a graph as arithmetic, worked out when it is read.
#include "inference/rewrite/fold.h"

#include "inference/network/test_answer.h"

namespace pw::inference {
namespace {

using test::error_of;
using test::expect_answer;
using test::Floats;

Tensor integers(const Dims& values) { return {{std::ssize(values)}, {}, values}; }

// One node on constants c0, c1, ... and what it becomes.
Result<Tensor> folded(Node node, const std::vector<Tensor>& constants, std::int64_t opset = 13) {
  Graph graph;
  graph.opset = opset;
  graph.input = "x";
  graph.input_dims = {1, 3, 8, 6};
  for (const Tensor& constant : constants) {
    const std::string name = "c" + std::to_string(graph.constants.size());
    node.inputs.push_back(name);
    graph.constants[name] = constant;
  }
  node.name = "n";
  node.outputs = {"y"};
  graph.output = "z";
  graph.nodes = {node};
  if (auto done = fold_constants(graph); !done) return pass_on(done);
  if (!graph.nodes.empty()) return fail(Failure::input, "not folded");
  return graph.constants.at("y");
}

Node op(const std::string& name, std::map<std::string, Attribute> attributes = {}) {
  Node node;
  node.op = name;
  node.attributes = std::move(attributes);
  return node;
}

Attribute number(std::int64_t value) { return {{value}, {}, ""}; }

void expect_integers(const Result<Tensor>& tensor, const Dims& dims, const Dims& values) {
  ASSERT_TRUE(tensor) << one_line(tensor.error());
  EXPECT_EQ(tensor->dims, dims);
  EXPECT_EQ(tensor->integers, values);
  EXPECT_TRUE(tensor->floats.empty());
}

const Tensor kTable{{2, 3}, {}, {0, 1, 2, 3, 4, 5}};

TEST(Fold, ShapeOfAnActivation) {
  Node shape = op("Shape");
  shape.inputs = {"x"};
  expect_integers(folded(shape, {}), {4}, {1, 3, 8, 6});
  shape.attributes = {{"start", number(-3)}, {"end", number(-1)}};
  expect_integers(folded(shape, {}), {2}, {3, 8});
}

TEST(Fold, GatherPicksAlongAnAxis) {
  expect_integers(folded(op("Gather"), {integers({5, 6, 7}), {{}, {}, {-1}}}), {}, {7});
  expect_integers(folded(op("Gather", {{"axis", number(1)}}), {kTable, integers({2, 0})}), {2, 2},
                  {2, 0, 5, 3});
  EXPECT_FALSE(folded(op("Gather"), {integers({5}), integers({1})}));
}

TEST(Fold, SliceAsNumpy) {
  const auto slice = [](std::int64_t start, std::int64_t end, std::int64_t step) {
    return folded(op("Slice"), {integers({0, 1, 2, 3, 4}), integers({start}), integers({end}), integers({0}),
                                integers({step})});
  };
  expect_integers(slice(1, 3, 1), {2}, {1, 2});
  expect_integers(slice(-2, 1000, 1), {2}, {3, 4});
  expect_integers(slice(0, -1, 2), {2}, {0, 2});
  expect_integers(slice(-1, std::numeric_limits<std::int64_t>::min() + 1, -1), {5}, {4, 3, 2, 1, 0});
  expect_integers(slice(3, 0, -2), {2}, {3, 1});
  expect_integers(slice(3, 3, 1), {0}, {});
  EXPECT_FALSE(slice(0, 1, 0));
  for (const std::int64_t step : {1, -1})
    expect_integers(
        folded(op("Slice"), {integers({}), integers({0}), integers({9}), integers({0}), integers({step})}),
        {0}, {});
  expect_integers(folded(op("Slice"), {kTable, integers({1, 0}), integers({2, 2})}), {1, 2}, {3, 4});
  const Node old = op("Slice", {{"starts", {{1}, {}, ""}}, {"ends", {{3}, {}, ""}}, {"axes", {{1}, {}, ""}}});
  expect_integers(folded(old, {kTable}, 9), {2, 2}, {1, 2, 4, 5});
}

TEST(Fold, OtherOrdersAndDimensions) {
  expect_integers(folded(op("Transpose"), {kTable}), {3, 2}, {0, 3, 1, 4, 2, 5});
  expect_integers(folded(op("Concat", {{"axis", number(-1)}}), {kTable, kTable}), {2, 6},
                  {0, 1, 2, 0, 1, 2, 3, 4, 5, 3, 4, 5});
  expect_integers(folded(op("Reshape"), {kTable, integers({-1, 2})}), {3, 2}, {0, 1, 2, 3, 4, 5});
  expect_integers(folded(op("Unsqueeze"), {kTable, integers({-1})}), {2, 3, 1}, {0, 1, 2, 3, 4, 5});
  expect_integers(folded(op("Squeeze"), {integers({4}), integers({0})}), {}, {4});
}

TEST(Fold, Arithmetic) {
  expect_integers(folded(op("Sub"), {kTable, integers({1, 1, 2})}), {2, 3}, {-1, 0, 0, 2, 3, 3});
  expect_integers(folded(op("Mul"), {integers({3}), {{2, 1}, {}, {1, -2}}}), {2, 1}, {3, -6});
  expect_integers(folded(op("Div"), {integers({7, -7}), integers({2})}), {2}, {3, -3});
  EXPECT_FALSE(folded(op("Div"), {integers({7}), integers({0})}));
  EXPECT_FALSE(folded(op("Mul"), {integers({std::int64_t{1} << 40}), integers({std::int64_t{1} << 40})}));
  expect_integers(folded(op("ReduceProd", {{"keepdims", number(0)}}), {integers({2, 3, 4})}), {}, {24});
  expect_integers(folded(op("Cast", {{"to", number(7)}}), {{{2}, {1.9F, -2.5F}, {}}}), {2}, {1, -2});
  EXPECT_FALSE(folded(op("Cast", {{"to", number(7)}}), {{{1}, {1e30F}, {}}}));
  const auto floats = folded(op("Cast", {{"to", number(1)}}), {integers({3})});
  ASSERT_TRUE(floats);
  EXPECT_EQ(floats->floats, Floats{3});
}

TEST(Fold, ConstantOfShapeIsZeroOrItsValueAndNeverLarge) {
  const auto zeros = folded(op("ConstantOfShape"), {integers({2})});
  ASSERT_TRUE(zeros);
  EXPECT_EQ(zeros->floats, (Floats{0, 0}));
  expect_integers(folded(op("ConstantOfShape", {{"value", number(7)}}), {integers({1, 2})}), {1, 2}, {7, 7});
  for (const Dims& dims : {Dims{1 << 20, 1 << 20}, Dims{-1}, Dims(9, 1)})
    EXPECT_FALSE(folded(op("ConstantOfShape"), {integers(dims)})) << dims_text(dims);
}

TEST(Fold, OfNothing) {
  const Tensor none{{0, 3}, {}, {}};
  expect_integers(folded(op("Concat", {{"axis", number(1)}}), {none, none}), {0, 6}, {});
  expect_integers(folded(op("Transpose"), {none}), {3, 0}, {});
  EXPECT_FALSE(folded(op("Gather"), {none, integers({0})}));
  EXPECT_FALSE(folded(op("Add"), {none, none}));
  EXPECT_FALSE(folded(op("Reshape"), {none, integers({4})}));
}

TEST(Fold, StopsWhereConstantsGrow) {
  OnnxWriter writer("g", "x", {1, 2});
  writer.integers("c0", Dims(1024, 1));
  for (int i = 0; i < 40; ++i) {
    const std::string from = "c" + std::to_string(i);
    OnnxWriter::set(writer.node("Concat", "c" + std::to_string(i + 1), {from, from}), "axis",
                    std::int64_t{0});
  }
  writer.node("Reshape", "y", {"x", "c40"});
  writer.output("y", {});
  EXPECT_THAT(error_of(writer), testing::HasSubstr("too large"));
}

// What PyTorch's F.pad(x, (1, 0, 2, 0)) becomes when its arguments are not constants to the exporter.
TEST(Fold, PadsOfPyTorch) {
  OnnxWriter writer("g", "x", {1, 1, 1, 2});
  writer.integers("given", Dims{1, 0, 2, 0});
  writer.integers("four", Dims{4});
  writer.integers("pairs", Dims{-1, 2});
  writer.integers("flat", Dims{-1});
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::int64_t>>{
           {"minus one", -1}, {"minus all", std::numeric_limits<std::int64_t>::min() + 1}, {"zero", 0}})
    writer.integers(name, Dims{value});
  writer.node("ConstantOfShape", "rest", {"four"});
  OnnxWriter::set(writer.node("Cast", "zeros", {"rest"}), "to", std::int64_t{7});
  OnnxWriter::set(writer.node("Concat", "all", {"given", "zeros"}), "axis", std::int64_t{0});
  writer.node("Reshape", "table", {"all", "pairs"});
  writer.node("Slice", "reversed", {"table", "minus one", "minus all", "zero", "minus one"});
  OnnxWriter::set(writer.node("Transpose", "turned", {"reversed"}), "perm", Dims{1, 0});
  writer.node("Reshape", "pads", {"turned", "flat"});
  writer.node("Pad", "y", {"x", "pads"});
  writer.output("y", {});
  expect_answer(writer, {5, 6}, {0, 0, 0, 0, 0, 0, 0, 5, 6});
}

TEST(Fold, ConstantsOfEveryForm) {
  OnnxWriter writer("g", "x", {1, 4});
  OnnxWriter::set(writer.node("Constant", "shape", {}), "value_ints", Dims{1, 2, 2});
  OnnxWriter::set(writer.node("Constant", "axis", {}), "value_int", std::int64_t{0});
  OnnxWriter::set(writer.node("Constant", "half", {}), "value_float", 0.5F);
  writer.integers("axes", Dims{0});
  writer.node("Reshape", "r", {"x", "shape"});
  writer.node("Unsqueeze", "axis list", {"axis", "axes"});
  writer.node("Unsqueeze", "u", {"r", "axis list"});
  writer.node("Mul", "y", {"u", "half"});
  writer.output("y", {});
  expect_answer(writer, {2, 4, 6, 8}, {1, 2, 3, 4});
}

TEST(Fold, WhatCannotBeWorkedOutNamesItsCause) {
  OnnxWriter unknown("g", "x", {1, 2});
  unknown.node("Einsum", "e", {"x"});
  unknown.node("Shape", "s", {"e"});
  unknown.node("Reshape", "y", {"x", "s"});
  unknown.output("y", {});
  EXPECT_EQ(error_of(unknown), "node 'e' (Einsum): this operator is not supported");

  OnnxWriter misfit("g", "x", {1, 2});
  misfit.node("GlobalAveragePool", "m", {"x"});
  misfit.node("Shape", "s", {"m"});
  misfit.node("Reshape", "y", {"x", "s"});
  misfit.output("y", {});
  EXPECT_EQ(error_of(misfit), "node 'm' (GlobalAveragePool): wants a batch of images NxCxHxW and gets 1x2");
}

}  // namespace
}  // namespace pw::inference
