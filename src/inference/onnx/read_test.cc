// SPDX-License-Identifier: GPL-3.0-or-later
// Broken files: one clear error each, never a crash.
#include "inference/onnx/read.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "inference/network/network.h"
#include "inference/network/test_graph.h"
#include "inference/onnx/proto.h"
#include "os/file.h"

namespace pw::inference {
namespace {

using test::Floats;
using test::some_floats;
using testing::HasSubstr;

// Convolution, batch normalisation, residual, pool, fully connected layer: a bit of everything.
OnnxWriter small_network() {
  OnnxWriter writer("g", "x", {1, 3, 8, 8});
  writer.weights("w", {4, 3, 3, 3}, some_floats(4 * 27));
  writer.weights("n", {4}, some_floats(4));
  writer.weights("v", {4}, Floats{1, 2, 3, 4});
  writer.weights("w2", {4, 4, 1, 1}, some_floats(16));
  writer.weights("f", {4, 2}, some_floats(8));
  writer.integers("p", Dims{0, 0, 1, 1, 0, 0, 1, 1});
  writer.node("Pad", "pad", {"x", "p"});
  OnnxWriter::set(writer.node("Conv", "conv", {"pad", "w"}), "strides", Dims{2, 2});
  writer.node("BatchNormalization", "norm", {"conv", "v", "n", "n", "v"});
  writer.node("Relu", "relu", {"norm"});
  writer.node("Conv", "conv2", {"relu", "w2"});
  writer.node("Add", "add", {"conv2", "relu"});
  writer.node("GlobalAveragePool", "mean", {"add"});
  writer.node("Flatten", "flat", {"mean"});
  writer.node("Gemm", "gemm", {"flat", "f"});
  writer.node("Softmax", "y", {"gemm"});
  writer.output("y", {1, 2});
  return writer;
}

std::string error_of(const std::string& bytes) {
  const auto graph = parse_onnx(bytes);
  return graph ? "no error" : one_line(graph.error());
}

std::string error_of(const OnnxWriter& writer) { return error_of(writer.bytes()); }

TEST(ReadOnnx, ReadsWhatWasWritten) {
  const auto graph = parse_onnx(small_network().bytes());
  ASSERT_TRUE(graph) << one_line(graph.error());
  EXPECT_EQ(graph->nodes.size(), 10U);
  EXPECT_EQ(graph->input, "x");
  EXPECT_EQ(graph->input_dims, (Dims{1, 3, 8, 8}));
  EXPECT_EQ(graph->constants.at("w").floats, some_floats(4 * 27));
}

TEST(ReadOnnx, RefusesWhatIsNoModel) {
  EXPECT_THAT(error_of(""), HasSubstr("no ONNX model"));
  EXPECT_THAT(error_of("\xff\xd8\xff\xe0 a photo"), HasSubstr("no ONNX file"));
  EXPECT_THAT(error_of(std::string(1000, '\0')), HasSubstr("no ONNX file"));
}

TEST(ReadOnnx, RefusesEveryTruncationWithoutALineFromProtobuf) {
  const std::string whole = small_network().bytes();
  testing::internal::CaptureStderr();
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_onnx(std::string_view(whole).substr(0, size))) << size << " bytes";
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(ReadOnnx, RefusesGraphsThatCannotBeRun) {
  OnnxWriter missing("g", "x", {1, 4});
  missing.node("MatMul", "y", {"x", "w"});
  missing.output("y", {});
  EXPECT_EQ(error_of(missing), "node 'y' (MatMul): reads 'w', which nothing makes");

  OnnxWriter cycle("g", "x", {1, 4});
  cycle.node("Add", "a", {"x", "b"});
  cycle.node("Relu", "b", {"a"});
  cycle.output("b", {});
  EXPECT_EQ(error_of(cycle), "node 'a' (Add): depends on its own result");

  OnnxWriter twice("g", "x", {1, 4});
  twice.node("Relu", "y", {"x"});
  twice.node("Relu", "y", {"x"});
  twice.output("y", {});
  EXPECT_EQ(error_of(twice), "node 'y' (Relu): makes 'y', which is there already");

  OnnxWriter nowhere = small_network();
  nowhere.model().mutable_graph()->mutable_output(0)->set_name("z");
  EXPECT_EQ(error_of(nowhere), "its output 'z' is made by no node; export it again as an image classifier");

  OnnxWriter outputs = small_network();
  outputs.output("relu", {});
  EXPECT_EQ(error_of(outputs),
            "it has 2 outputs, not one: 'y', 'relu'; export it again with the scores alone");

  OnnxWriter old = small_network();
  old.model().mutable_opset_import(0)->set_version(6);
  EXPECT_THAT(error_of(old), HasSubstr("opset 6"));
}

TEST(ReadOnnx, RefusesConstantsThatAreNotWhatTheySay) {
  OnnxWriter writer = small_network();
  onnx::TensorProto& weights = *writer.model().mutable_graph()->mutable_initializer(0);
  weights.set_dims(0, 5);
  EXPECT_EQ(error_of(writer), "the data of 'w' is shorter or longer than its shape 5x3x3x3");
  weights.set_dims(0, std::int64_t{1} << 62);
  EXPECT_EQ(error_of(writer), "'w' has the shape 4611686018427387904x3x3x3");
  weights.set_dims(0, -4);
  EXPECT_EQ(error_of(writer), "'w' has the shape -4x3x3x3");
  weights.set_dims(0, 4);
  weights.set_data_type(onnx::TensorProto::FLOAT16);
  EXPECT_EQ(error_of(writer),
            "'w' is of type float16; only float32, float64, int32, int64 and bool are supported; export it "
            "again in "
            "float32; --precision bf16 and int8 are chosen here");
  weights.set_data_type(onnx::TensorProto::INT8);
  EXPECT_THAT(error_of(writer), HasSubstr("'w' is of type int8;"));
  EXPECT_THAT(error_of(writer), HasSubstr("QuantizeLinear"));
  weights.set_data_location(onnx::TensorProto::EXTERNAL);
  EXPECT_EQ(error_of(writer), "the weights of 'w' are in another file, which is not supported");
}

TEST(ReadOnnx, SortsNodesAndTakesOpenBatchSizes) {
  OnnxWriter writer("g", "x", {0, 4});
  writer.node("Relu", "y", {"a"});
  writer.node("Softmax", "a", {"x"});
  writer.output("y", {});
  const auto graph = parse_onnx(writer.bytes());
  ASSERT_TRUE(graph) << one_line(graph.error());
  EXPECT_EQ(graph->nodes[0].name, "a");
  EXPECT_EQ(graph->input_dims, (Dims{1, 4}));
}

// The whole way but for running it; whatever comes, no crash.
TEST(ReadOnnx, SurvivesFlippedBytes) {
  const std::string whole = small_network().bytes();
  std::uint32_t seed = 1;
  int usable = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string broken = whole;
    for (int flip = 0; flip < 1 + i % 3; ++flip) {
      seed = seed * 1664525U + 1013904223U;
      broken[(seed >> 8) % broken.size()] = static_cast<char>(seed >> 4);
    }
    auto graph = parse_onnx(broken);
    if (!graph) continue;
    fuse(*graph);
    const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    if (Planner(*graph, engine, operators()).plan()) ++usable;
  }
  EXPECT_GT(usable, 0);
}

TEST(NetworkLoad, NamesTheFileAndRefusesWhatIsNoImageClassifier) {
  const auto folder = TempFolder::make();
  ASSERT_TRUE(folder);
  const auto file = folder->path() / "m.onnx";
  EXPECT_THAT(one_line(Network::load(file, {1}).error()), HasSubstr("m.onnx: cannot open"));
  EXPECT_THAT(one_line(Network::load(folder->path(), {1}).error()), HasSubstr("it is a folder"));
  OnnxWriter list("g", "x", {1, 4});
  list.node("Relu", "y", {"x"});
  list.output("y", {});
  ASSERT_TRUE(list.write(file));
  const auto refused = Network::load(file, {1});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, Failure::input);
  EXPECT_THAT(one_line(refused.error()), HasSubstr("m.onnx: its input is 1x4, not one image of 3 channels"));
}

TEST(NetworkLoad, RunsAndChecksSizes) {
  const auto folder = TempFolder::make();
  ASSERT_TRUE(folder);
  OnnxWriter writer = small_network();
  writer.metadata("perfwatt.preprocess", "caffe");
  ASSERT_TRUE(writer.write(folder->path() / "m.onnx"));
  auto network = Network::load(folder->path() / "m.onnx", {1});
  ASSERT_TRUE(network) << one_line(network.error());
  EXPECT_EQ(network->classes(), 2);
  EXPECT_EQ(network->input().height, 8);
  EXPECT_FALSE(network->input().channels_last);
  EXPECT_EQ(network->metadata("perfwatt.preprocess"), "caffe");
  EXPECT_EQ(network->metadata("else"), "");
  Floats scores(2);
  EXPECT_TRUE(network->run(some_floats(3 * 64), scores));
  EXPECT_NEAR(scores[0] + scores[1], 1.0F, 1e-5F);
  EXPECT_FALSE(network->run(some_floats(3), scores));
}

}  // namespace
}  // namespace pw::inference
