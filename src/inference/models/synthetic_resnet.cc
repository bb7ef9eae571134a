// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/models/synthetic_resnet.h"

#include <array>
#include <cmath>

namespace pw::inference {
namespace {

// splitmix64 (Steele, Lea, Flood 2014): the same numbers everywhere, which std's distributions are not.
class Random {
 public:
  // Uniform in [-limit, limit).
  float within(float limit) {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15U);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    const auto bits = static_cast<std::int32_t>((z ^ (z >> 31)) >> 40);  // 24 bits
    return limit * (static_cast<float>(bits) / 8388608.0F - 1.0F);
  }

 private:
  std::uint64_t state_ = 50;
};

struct Stage {
  char number;
  int blocks;
  std::int64_t width;
  std::int64_t stride;
};

struct Shape {
  std::string_view name;
  std::int64_t first_width;
  std::array<Stage, 4> stages;
};

constexpr Shape kResnet50 = {
    "resnet50-synthetic", 64, {{{'2', 3, 64, 1}, {'3', 4, 128, 2}, {'4', 6, 256, 2}, {'5', 3, 512, 2}}}};
// One block in each stage, an eighth of the channels: about 1 % of the work.
constexpr Shape kResnet14 = {
    "resnet14-synthetic", 8, {{{'2', 1, 8, 1}, {'3', 1, 16, 2}, {'4', 1, 32, 2}, {'5', 1, 64, 2}}}};

class Builder {
 public:
  explicit Builder(const Shape& shape)
      : shape_(shape), writer_(std::string(shape.name), "input_1", {1, 224, 224, 3}) {}

  OnnxWriter build() {
    writer_.metadata("perfwatt.preprocess", "caffe");
    writer_.metadata("perfwatt.synthetic", "generated weights: for speed only, the answers mean nothing");
    OnnxWriter::set(writer_.node("Transpose", "nchw", {"input_1"}), "perm", Dims{0, 3, 1, 2});
    std::string x = pad("conv1_pad", "nchw", 3);
    // Pixels have a variance of some 5000; with He's scaling the variance doubles.
    x = relu("activation", conv_bn("conv1", "bn_conv1", x, 3, shape_.first_width, 7, 2, 10000.0F));
    x = pad("pool1_pad", x, 1);
    onnx::NodeProto& pool = writer_.node("MaxPool", "max_pooling2d", {x});
    OnnxWriter::set(pool, "kernel_shape", Dims{3, 3});
    OnnxWriter::set(pool, "strides", Dims{2, 2});
    x = "max_pooling2d";
    std::int64_t inputs = shape_.first_width;
    for (const Stage& stage : shape_.stages)
      for (char block = 'a'; block < 'a' + stage.blocks; ++block) {
        x = add_block(stage, block, x, inputs);
        inputs = 4 * stage.width;
      }
    add_head(x, inputs);
    return std::move(writer_);
  }

 private:
  void random_weights(const std::string& name, const Dims& dims, std::int64_t fan_in, float gain) {
    std::vector<float> floats(static_cast<std::size_t>(element_count(dims)));
    const float limit = gain * std::sqrt(3.0F / static_cast<float>(fan_in));
    for (float& value : floats) value = random_.within(limit);
    writer_.weights(name, dims, floats);
  }

  void same_weights(const std::string& name, std::int64_t count, float value) {
    writer_.weights(name, {count}, std::vector<float>(static_cast<std::size_t>(count), value));
  }

  std::string pad(const std::string& name, const std::string& x, std::int64_t by) {
    writer_.integers(name + "/pads", Dims{0, 0, by, by, 0, 0, by, by});
    writer_.node("Pad", name, {x, name + "/pads"});
    return name;
  }

  std::string relu(const std::string& name, const std::string& x) {
    writer_.node("Relu", name, {x});
    return name;
  }

  // Convolution with bias and batch normalisation by the given variance.
  std::string conv_bn(const std::string& name, const std::string& norm, const std::string& x,
                      std::int64_t inputs, std::int64_t outputs, std::int64_t kernel, std::int64_t stride,
                      float variance) {
    random_weights(name + "/kernel", {outputs, inputs, kernel, kernel}, inputs * kernel * kernel,
                   std::sqrt(2.0F));  // He et al. 2015
    random_weights(name + "/bias", {outputs}, 1, 0.01F);
    onnx::NodeProto& conv = writer_.node("Conv", name, {x, name + "/kernel", name + "/bias"});
    const std::int64_t pads = kernel == 3 ? 1 : 0;
    OnnxWriter::set(conv, "kernel_shape", Dims{kernel, kernel});
    OnnxWriter::set(conv, "strides", Dims{stride, stride});
    OnnxWriter::set(conv, "pads", Dims{pads, pads, pads, pads});
    same_weights(norm + "/gamma", outputs, 1.0F);
    same_weights(norm + "/beta", outputs, 0.0F);
    same_weights(norm + "/moving_mean", outputs, 0.0F);
    same_weights(norm + "/moving_variance", outputs, variance);
    OnnxWriter::set(writer_.node("BatchNormalization", norm,
                                 {name, norm + "/gamma", norm + "/beta", norm + "/moving_mean",
                                  norm + "/moving_variance"}),
                    "epsilon", 1e-3F);
    return norm;
  }

  std::string add_block(const Stage& stage, char block, const std::string& x, std::int64_t inputs) {
    const std::string id = std::string{stage.number, block};
    const bool first = block == 'a';
    const std::int64_t width = stage.width, stride = first ? stage.stride : 1;
    const auto branch = [&](const char* part, const std::string& from, std::int64_t ins, std::int64_t outs,
                            std::int64_t kernel, std::int64_t step, float variance) {
      return conv_bn("res" + id + part, "bn" + id + part, from, ins, outs, kernel, step, variance);
    };
    std::string y = relu("act" + id + "_2a", branch("_branch2a", x, inputs, width, 1, stride, 1.0F));
    y = relu("act" + id + "_2b", branch("_branch2b", y, width, width, 3, 1, 1.0F));
    // A quarter of the variance, so that the sum does not double it from block to block.
    y = branch("_branch2c", y, width, 4 * width, 1, 1, 4.0F);
    const std::string shortcut = first ? branch("_branch1", x, inputs, 4 * width, 1, stride, 2.0F) : x;
    writer_.node("Add", "add" + id, {y, shortcut});
    return relu("act" + id, "add" + id);
  }

  void add_head(const std::string& x, std::int64_t inputs) {
    writer_.node("GlobalAveragePool", "avg_pool/mean", {x});
    OnnxWriter::set(writer_.node("Flatten", "avg_pool", {"avg_pool/mean"}), "axis", std::int64_t{1});
    random_weights("fc1000/kernel", {inputs, 1000}, inputs, 1.0F);
    same_weights("fc1000/bias", 1000, 0.0F);
    writer_.node("Gemm", "fc1000", {"avg_pool", "fc1000/kernel", "fc1000/bias"});
    OnnxWriter::set(writer_.node("Softmax", "fc1000/softmax", {"fc1000"}), "axis", std::int64_t{-1});
    writer_.output("fc1000/softmax", {1, 1000});
  }

  const Shape& shape_;
  OnnxWriter writer_;
  Random random_;
};

}  // namespace

OnnxWriter synthetic_resnet50() { return Builder(kResnet50).build(); }

Result<OnnxWriter> synthetic_model(std::string_view name) {
  for (const Shape& shape : {kResnet50, kResnet14})
    if (shape.name == name) return Builder(shape).build();
  return fail(Failure::input, "perfwatt generates no such model", std::string(name));
}

}  // namespace pw::inference
