// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers that lie or mean harm: refused before anything of the size they claim is made.
#include <functional>

#include "inference/network/test_hostile.h"

namespace pw::inference {
namespace {

using test::attribute;
using test::expect_refused;
using test::kHuge;
using test::kVast;
using test::model;

TEST(HostileOnnx, NumbersOfAWindow) {
  struct Case {
    int node;
    const char* name;
    Dims values;
    const char* why;
  };
  const std::vector<Case> cases = {
      {0, "strides", {0, 1}, "node 'conv' (Conv): strides is not 2 numbers from 1 to 4096"},
      {0, "strides", {-1, 1}, "strides is not 2 numbers"},
      {0, "strides", {kHuge, 1}, "strides is not 2 numbers"},
      {0, "strides", {1}, "strides is not 2 numbers"},
      {0, "pads", {kHuge, 0, 0, 0}, "pads is not 4 numbers from 0 to 4096"},
      {0, "pads", {-1, 0, 0, 0}, "pads is not 4 numbers"},
      {0, "pads", {1, 1}, "pads is not 4 numbers"},
      {0, "dilations", {0, 1}, "dilations is not 2 numbers"},
      {0, "dilations", {kVast, 1}, "dilations is not 2 numbers"},
      {0, "dilations", {9, 9}, "a kernel of 3x3 does not fit into an input of 8x8"},
      {1, "kernel_shape", {kHuge, kHuge}, "node 'pool' (MaxPool): a kernel of 2147483648x2147483648"},
      {1, "kernel_shape", {0, 2}, "a kernel of 0x2"},
      {1, "kernel_shape", {-2, 2}, "a kernel of -2x2"},
      {1, "kernel_shape", {2}, "kernel_shape is not two numbers"},
      {1, "kernel_shape", {9, 9}, "a kernel of 9x9 does not fit into an input of 8x8"},
  };
  for (const Case& c : cases) {
    OnnxWriter writer = model();
    onnx::AttributeProto& changed = attribute(writer, c.node, c.name);
    changed.clear_ints();
    for (const std::int64_t value : c.values) changed.add_ints(value);
    SCOPED_TRACE(std::string(c.name) + " " + dims_text(c.values));
    expect_refused(writer, c.why);
  }
}

TEST(HostileOnnx, GroupsThatDoNotDivide) {
  for (const std::int64_t group : {std::int64_t{0}, std::int64_t{-1}, std::int64_t{2}, kVast}) {
    OnnxWriter writer = model();
    attribute(writer, 0, "group").set_i(group);
    expect_refused(writer, "node 'conv' (Conv): weights of 4x3x3x3 in " + std::to_string(group) + " groups");
  }
}

TEST(HostileOnnx, ShapesThatCannotBe) {
  const std::vector<std::pair<Dims, const char*>> cases = {
      {{-1, -1}, "node 'y' (Reshape): 1x4x7x7 cannot become -1x-1"},
      {{1, -2}, "cannot become 1x-2"},
      {{kVast, kVast}, "cannot become"},
      {{kVast, -1}, "cannot become"},
      {{1, 195}, "cannot become 1x195"},
      {{0, 0, 0, 0, 0, -1}, "cannot become"},
      {Dims(9, 1), "cannot become"},
      {Dims(10000, 2), "cannot become 2x2x2x2x2x2x2x2x2x2x2x2x2x2x2x2x..."},
      {{}, "cannot become a single number"}};
  for (const auto& [shape, why] : cases) {
    OnnxWriter writer = model();
    onnx::TensorProto& constant = *writer.model().mutable_graph()->mutable_initializer(1);
    constant.set_dims(0, std::ssize(shape));
    constant.set_raw_data(shape.data(), shape.size() * sizeof shape[0]);
    SCOPED_TRACE(dims_text(shape));
    expect_refused(writer, why);
  }
}

TEST(HostileOnnx, ConstantsThatClaimWhatTheyDoNotHold) {
  using Change = std::function<void(onnx::TensorProto&)>;
  const std::vector<std::pair<Change, const char*>> cases = {
      {[](onnx::TensorProto& w) { w.set_dims(0, kVast); }, "'w' has the shape 1152921504606846976x3x3x3"},
      {[](onnx::TensorProto& w) { w.set_dims(0, -4); }, "'w' has the shape -4x3x3x3"},
      {[](onnx::TensorProto& w) { w.set_dims(0, 0), w.set_dims(1, kVast); }, "'w' has the shape 0x"},
      {[](onnx::TensorProto& w) { w.set_dims(0, 0), w.clear_raw_data(); }, "node 'conv' (Conv): "},
      {[](onnx::TensorProto& w) { w.mutable_raw_data()->pop_back(); }, "is shorter or longer than its shape"},
      {[](onnx::TensorProto& w) { w.mutable_raw_data()->append("1234"); },
       "is shorter or longer than its shape"},
      {[](onnx::TensorProto& w) { w.add_float_data(1); }, "is shorter or longer than its shape"},
      {[](onnx::TensorProto& w) { w.set_data_type(onnx::TensorProto::INT64); }, "is shorter or longer"},
      {[](onnx::TensorProto& w) { w.set_data_type(onnx::TensorProto::INT32); },
       "its input 'w' has no float32 numbers"},
      {[](onnx::TensorProto& w) { w.set_data_type(onnx::TensorProto::STRING); }, "'w' is of type string"},
      {[](onnx::TensorProto& w) { w.set_data_type(99); }, "'w' is of type number 99"},
      {[](onnx::TensorProto& w) {
         for (int i = 0; i < 100; ++i) w.add_dims(1);
       },
       "'w' has 104 dimensions"}};
  for (const auto& [change, why] : cases) {
    OnnxWriter writer = model();
    change(*writer.model().mutable_graph()->mutable_initializer(0));
    expect_refused(writer, why);
  }
}

TEST(HostileOnnx, InputsWithoutUsableSizes) {
  for (const std::int64_t size : {std::int64_t{0}, std::int64_t{-8}, kHuge, kVast}) {
    OnnxWriter writer = model();
    onnx::TypeProto& type = *writer.model().mutable_graph()->mutable_input(0)->mutable_type();
    type.mutable_tensor_type()->mutable_shape()->mutable_dim(2)->set_dim_value(size);
    expect_refused(writer, size == 0 ? "its input 'x' is 1x3x?x8: one of its sizes is open"
                                     : "its input 'x' has the shape 1x3x");
  }
  OnnxWriter wrong = model();
  wrong.model().mutable_graph()->mutable_input(0)->mutable_type()->mutable_tensor_type()->set_elem_type(7);
  expect_refused(wrong, "its input 'x' is of type ");
  OnnxWriter none = model();
  none.model().mutable_graph()->clear_input();
  expect_refused(none, "it has no input");
}

// A convolution of 8 numbers that would make 2^40 of them.
TEST(HostileOnnx, ResultsThatAreTooLarge) {
  OnnxWriter writer("g", "x", {1, 1, 2, 4});
  writer.integers("p", Dims{0, 0, 4096, 4096, 0, 0, 4096, 4096});
  for (int i = 0; i < 8; ++i)
    writer.node("Pad", "p" + std::to_string(i), {i == 0 ? "x" : "p" + std::to_string(i - 1), "p"});
  writer.output("p7", {});
  const auto output = test::run_graph(writer.bytes(), {});
  ASSERT_FALSE(output);
  EXPECT_THAT(one_line(output.error()), testing::HasSubstr("too large"));
}

}  // namespace
}  // namespace pw::inference
