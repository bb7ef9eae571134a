// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/graph/batch.h"

#include "inference/graph/shapes.h"
#include "inference/network/test_answer.h"

namespace pw::inference {
namespace {

using test::Floats;
using test::some_floats;

// Image by image and all at once: the same answers.
void expect_same(const OnnxWriter& writer, std::size_t per_image) {
  constexpr std::int64_t kImages = 3;
  const Floats x = some_floats(per_image * kImages);
  Floats expected;
  for (std::size_t i = 0; i < kImages; ++i) {
    const auto first = x.begin() + static_cast<std::ptrdiff_t>(i * per_image);
    const auto one =
        test::run_graph(writer.bytes(), Floats(first, first + static_cast<std::ptrdiff_t>(per_image)));
    ASSERT_TRUE(one) << one_line(one.error());
    expected.insert(expected.end(), one->begin(), one->end());
  }
  for (const bool fused : {false, true}) {
    const auto all = test::run_graph(writer.bytes(), x, fused, {0, kImages});
    ASSERT_TRUE(all) << one_line(all.error());
    EXPECT_THAT(*all, testing::Pointwise(testing::FloatNear(1e-5F), expected));
  }
}

OnnxWriter convolution(const std::string& result) {
  OnnxWriter writer("g", "x", {1, 3, 4, 4});
  writer.weights("w", {4, 3, 3, 3}, some_floats(108));
  writer.weights("f", {16, 2}, some_floats(32, 4));
  writer.node("Conv", result, {"x", "w"});
  return writer;
}

TEST(SetBatch, ReshapesThatNameTheBatch) {
  for (const Dims& shape : {Dims{1, -1}, Dims{-1, 16}, Dims{0, -1}, Dims{1, 16}}) {
    OnnxWriter writer = convolution("c");
    writer.integers("s", shape);
    writer.node("Relu", "r", {"c"});
    writer.node("Reshape", "flat", {"r", "s"});
    writer.node("MatMul", "m", {"flat", "f"});
    writer.node("Softmax", "y", {"m"});
    writer.output("y", {});
    SCOPED_TRACE(dims_text(shape));
    expect_same(writer, 48);
  }
}

TEST(SetBatch, ReshapesWhoseShapeIsComputed) {
  OnnxWriter writer = convolution("c");
  writer.integers("zero", Dims{0});
  writer.integers("rest", Dims{-1});
  writer.node("Shape", "shape", {"c"});
  writer.node("Gather", "batch", {"shape", "zero"});
  OnnxWriter::set(writer.node("Concat", "s", {"batch", "rest"}), "axis", std::int64_t{0});
  writer.node("Reshape", "flat", {"c", "s"});
  writer.node("MatMul", "y", {"flat", "f"});
  writer.output("y", {});
  expect_same(writer, 48);
}

TEST(SetBatch, ResidualsPoolsMeansAndTransposes) {
  OnnxWriter writer("g", "x", {1, 4, 4, 3});
  writer.weights("w", {3, 3, 1, 1}, some_floats(9));
  writer.weights("k", {3, 1, 1}, some_floats(3, 8));
  OnnxWriter::set(writer.node("Transpose", "t", {"x"}), "perm", Dims{0, 3, 1, 2});
  writer.node("Conv", "c", {"t", "w"});
  writer.node("Add", "a", {"c", "t"});
  writer.node("Mul", "k*a", {"k", "a"});
  writer.node("GlobalAveragePool", "gate", {"k*a"});
  writer.node("Mul", "g", {"gate", "k*a"});
  OnnxWriter::set(writer.node("MaxPool", "p", {"g"}), "kernel_shape", Dims{2, 2});
  OnnxWriter::set(writer.node("Concat", "cc", {"p", "p"}), "axis", std::int64_t{1});
  OnnxWriter::set(writer.node("ReduceMean", "m", {"cc"}), "axes", Dims{2, 3});
  writer.node("Flatten", "y", {"m"});
  writer.output("y", {});
  expect_same(writer, 48);
}

std::string error_of(OnnxWriter& writer, const std::string& output) {
  writer.output(output, {});
  auto graph = parse_onnx(writer.bytes());
  if (!graph) return one_line(graph.error());
  const auto done = set_batch(*graph, 3);
  return done ? "no error" : one_line(done.error());
}

TEST(SetBatch, RefusesWhatMixesImages) {
  OnnxWriter turned("g", "x", {1, 4});
  turned.node("Transpose", "turn", {"x"});
  EXPECT_EQ(error_of(turned, "turn"),
            "node 'turn' (Transpose): makes 4x1 of one image and 4x3 of 3: it mixes images");

  OnnxWriter flat("g", "x", {1, 4});
  flat.integers("s", Dims{2, -1});
  flat.node("Reshape", "flat", {"x", "s"});
  EXPECT_THAT(error_of(flat, "flat"), testing::HasSubstr("makes 2x2 of one image and 2x6 of 3"));

  OnnxWriter together("g", "x", {1, 4});
  OnnxWriter::set(together.node("Concat", "all", {"x", "x"}), "axis", std::int64_t{0});
  EXPECT_THAT(error_of(together, "all"), testing::HasSubstr("node 'all' (Concat)"));

  OnnxWriter softmax("g", "x", {1, 4});
  OnnxWriter::set(softmax.node("Softmax", "share", {"x"}), "axis", std::int64_t{-2});
  EXPECT_THAT(error_of(softmax, "share"), testing::HasSubstr("node 'share' (Softmax)"));

  OnnxWriter mean("g", "x", {1, 4});
  OnnxWriter::set(mean.node("ReduceMean", "mean", {"x"}), "axes", Dims{0});
  EXPECT_THAT(error_of(mean, "mean"), testing::HasSubstr("node 'mean' (ReduceMean)"));

  OnnxWriter fixed("g", "x", {1, 4});
  fixed.integers("s", Dims{1, 2, 2});
  fixed.weights("two", {2, 2, 2}, Floats(8, 1));
  fixed.node("Reshape", "r", {"x", "s"});
  fixed.node("Add", "sum", {"r", "two"});
  EXPECT_THAT(error_of(fixed, "sum"),
              testing::HasSubstr("node 'sum' (Add): 3x2x2 and 2x2x2 do not fit together"));
}

TEST(SetBatch, RefusesToRepeatFewerDimensionsOverTheImages) {
  for (const char* op : {"Add", "Sub", "Mul", "Div"})
    for (const bool first : {false, true}) {
      OnnxWriter writer("g", "x", {1, 3, 3});
      onnx::NodeProto& mean = writer.node("ReduceMean", "mean", {"x"});
      OnnxWriter::set(mean, "axes", Dims{1});
      OnnxWriter::set(mean, "keepdims", std::int64_t{0});
      writer.node(op, "both",
                  first ? std::vector<std::string>{"mean", "x"} : std::vector<std::string>{"x", "mean"});
      EXPECT_EQ(error_of(writer, "both"),
                std::string("node 'both' (") + op +
                    "): repeats a tensor of fewer dimensions along its last ones, so that in "
                    "a batch of 3 it mixes images");
    }
  OnnxWriter same("g", "x", {1, 3, 3});
  OnnxWriter::set(same.node("ReduceMean", "mean", {"x"}), "axes", Dims{1});
  same.weights("c", {3}, Floats{1, 2, 3});
  same.node("Sub", "less", {"x", "mean"});
  same.node("Mul", "y", {"less", "c"});
  same.output("y", {});
  expect_same(same, 9);
}

TEST(SetBatch, OfNothingOrOfTooManyIsAnError) {
  OnnxWriter writer("g", "x", {1, 4});
  writer.node("Relu", "y", {"x"});
  writer.output("y", {});
  auto graph = parse_onnx(writer.bytes());
  ASSERT_TRUE(graph);
  EXPECT_FALSE(set_batch(*graph, 0));
  EXPECT_FALSE(set_batch(*graph, 1 << 20));
  EXPECT_TRUE(set_batch(*graph, 1));
  EXPECT_EQ(graph->input_dims, (Dims{1, 4}));
}

// As a fuzzer found: its result has as many rows as it had, not one per image.
TEST(SetBatch, LeavesAGraphOfThisBatchAsItIs) {
  OnnxWriter writer("g", "x", {3, 6});
  writer.node("Transpose", "y", {"x"});
  writer.output("y", {});
  auto graph = parse_onnx(writer.bytes());
  ASSERT_TRUE(graph);
  ASSERT_TRUE(set_batch(*graph, 3));
  EXPECT_EQ(infer_shapes(*graph)->at("y"), (Dims{6, 3}));
  EXPECT_FALSE(set_batch(*graph, 2));
}

TEST(SetBatch, LeavesAShapeThatOtherNodesReadAlone) {
  OnnxWriter writer("g", "x", {1, 4});
  writer.integers("s", Dims{1, 4});
  writer.node("Reshape", "a", {"x", "s"});
  writer.node("Reshape", "y", {"a", "s"});
  writer.output("y", {});
  auto graph = parse_onnx(writer.bytes());
  ASSERT_TRUE(graph);
  ASSERT_TRUE(set_batch(*graph, 2));
  EXPECT_EQ(graph->constants.at("s").integers, (Dims{1, 4}));
  EXPECT_EQ(infer_shapes(*graph)->at("y"), (Dims{2, 4}));
}

}  // namespace
}  // namespace pw::inference
