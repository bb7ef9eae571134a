// SPDX-License-Identifier: GPL-3.0-or-later
// Files that lie or mean harm: one line each, of kind input.
#include <filesystem>

#include "inference/network/network.h"
#include "inference/network/test_hostile.h"
#include "os/file.h"

namespace pw::inference {
namespace {

using test::attribute;
using test::expect_refused;
using test::Floats;
using test::kVast;
using test::model;
using test::some_floats;

TEST(HostileOnnx, TheModelItselfIsUsable) {
  const auto output = test::run_graph(model().bytes(), some_floats(192));
  ASSERT_TRUE(output) << one_line(output.error());
  EXPECT_EQ(output->size(), 4U * 49U);
}

// No file is opened: neither one that is there, nor one that a path leads out of the folder to.
TEST(HostileOnnx, WeightsInOtherFiles) {
  const auto folder = TempFolder::make();
  ASSERT_TRUE(folder);
  ASSERT_TRUE(write_file(folder->path() / "w.bin", std::string(432, 'w')));
  std::filesystem::create_symlink("/etc/passwd", folder->path() / "link");
  for (const char* location : {"w.bin", "../../../../etc/passwd", "/etc/passwd", "link", ""}) {
    OnnxWriter writer = model();
    onnx::TensorProto& weights = *writer.model().mutable_graph()->mutable_initializer(0);
    weights.clear_raw_data();
    weights.set_data_location(onnx::TensorProto::EXTERNAL);
    onnx::StringStringEntryProto& entry = *weights.add_external_data();
    entry.set_key("location");
    entry.set_value(location);
    ASSERT_TRUE(writer.write(folder->path() / "m.onnx"));
    const auto network = Network::load(folder->path() / "m.onnx", {1});
    ASSERT_FALSE(network);
    EXPECT_EQ(network.error().kind, Failure::input);
    EXPECT_THAT(one_line(network.error()), testing::HasSubstr("the weights of 'w' are in another file"));
  }
}

TEST(HostileOnnx, NamesThatAreThereTwice) {
  OnnxWriter constants = model();
  constants.weights("w", {1}, Floats{1});
  expect_refused(constants, "it has two constants named 'w'");

  OnnxWriter results = model();
  results.node("Relu", "pool", {"conv"});
  expect_refused(results, "node 'pool' (Relu): makes 'pool', which is there already");

  OnnxWriter input = model();
  input.node("Relu", "x", {"conv"});
  expect_refused(input, "node 'x' (Relu): makes 'x', which is there already");

  OnnxWriter inputs = model();
  *inputs.model().mutable_graph()->add_input() = inputs.model().graph().input(0);
  expect_refused(inputs, "it has more than one input: 'x' and 'x'");

  OnnxWriter attributes = model();
  OnnxWriter::set(*attributes.model().mutable_graph()->mutable_node(0), "group", std::int64_t{3});
  expect_refused(attributes, "node 'conv' (Conv): has two attributes 'group'");
}

TEST(HostileOnnx, GraphsThatDoNotHoldTogether) {
  OnnxWriter itself = model();
  itself.model().mutable_graph()->mutable_node(1)->set_input(0, "pool");
  expect_refused(itself, "node 'pool' (MaxPool): depends on its own result");

  OnnxWriter missing = model();
  missing.model().mutable_graph()->mutable_node(0)->set_input(0, "nowhere");
  expect_refused(missing, "node 'conv' (Conv): reads 'nowhere', which nothing makes");

  OnnxWriter none = model();
  none.model().mutable_graph()->mutable_node(1)->clear_input();
  expect_refused(none, "node 'pool' (MaxPool): an input is missing");

  OnnxWriter left_out = model();
  left_out.model().mutable_graph()->mutable_node(0)->set_input(1, "");
  expect_refused(left_out, "node 'conv' (Conv): ");

  OnnxWriter nothing = model();
  nothing.model().mutable_graph()->mutable_node(0)->clear_output();
  expect_refused(nothing, "reads 'conv', which nothing makes");

  OnnxWriter no_operator = model();
  no_operator.model().mutable_graph()->mutable_node(1)->clear_op_type();
  expect_refused(no_operator, "node 'pool' (): has no operator");
}

TEST(HostileOnnx, AttributesOfTheWrongType) {
  OnnxWriter writer = model();
  attribute(writer, 0, "strides").set_type(onnx::AttributeProto::FLOATS);
  expect_refused(writer, "node 'conv' (Conv): its attribute 'strides' is of the wrong type");
}

TEST(HostileOnnx, VersionsThatAreNotKnown) {
  for (const std::int64_t opset : {std::int64_t{-1}, std::int64_t{6}, std::int64_t{24}, kVast}) {
    OnnxWriter writer = model();
    writer.model().mutable_opset_import(0)->set_version(opset);
    expect_refused(writer, "it is written in ONNX opset " + std::to_string(opset) +
                               "; export it again with an opset from 7 to 23");
  }
  OnnxWriter newer = model();
  newer.model().set_ir_version(14);
  expect_refused(newer, "it is of ONNX IR version 14; 13 is the newest supported");
  OnnxWriter foreign = model();
  foreign.model().mutable_graph()->mutable_node(0)->set_domain("com.microsoft");
  expect_refused(foreign, "node 'conv' (com.microsoft.Conv): this operator is not supported");
}

}  // namespace
}  // namespace pw::inference
