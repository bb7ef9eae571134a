// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/models/import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cmath>

#include "inference/models/test_keras.h"
#include "inference/models/tfjs_read.h"
#include "inference/network/network.h"
#include "inference/network/test_graph.h"

namespace pw::inference {
namespace {

using nlohmann::json;
using test::Floats;
using test::KerasFiles;
using test::tiny_keras;
using testing::ElementsAre;
using testing::FloatNear;
using testing::HasSubstr;
using testing::Pointwise;

class ImportModel : public testing::Test {
 protected:
  void SetUp() override {
    auto made = TempFolder::make();
    ASSERT_TRUE(made);
    folder_ = std::move(*made);
  }

  std::filesystem::path source() const { return folder_->path() / "keras"; }
  std::filesystem::path onnx() const { return folder_->path() / "m.onnx"; }

  std::string error() const {
    const auto done = import_model(source(), onnx(), "");
    EXPECT_FALSE(std::filesystem::exists(onnx()));
    return done ? "no error" : one_line(done.error());
  }

  std::string error_with_json(const json& model) const {
    EXPECT_TRUE(write_file(source() / "model.json", model.dump()));
    return error();
  }

  tl::expected<TempFolder, Error> folder_ = tl::unexpected(Error{});
};

Result<Floats> answer(const std::filesystem::path& source, const Floats& input) {
  const auto model = read_tfjs(source);
  if (!model) return pass_on(model);
  const auto writer = keras_to_onnx(*model, "");
  if (!writer) return pass_on(writer);
  return test::run_graph(writer->bytes(), input);
}

TEST_F(ImportModel, KeepsKerasOrderOfChannelsAndWeights) {
  tiny_keras().write(source());
  ASSERT_TRUE(import_model(source(), onnx(), "caffe"));
  auto network = Network::load(onnx(), {1});
  ASSERT_TRUE(network) << one_line(network.error());
  EXPECT_TRUE(network->input().channels_last);
  EXPECT_EQ(network->input().width, 2);
  EXPECT_EQ(network->metadata("perfwatt.preprocess"), "caffe");
  Floats scores(2);
  // Pixel (1,2,3) gives 11, 22 and pixel (4,5,6) gives 14, 25: NHWC order into the Dense layer.
  ASSERT_TRUE(network->run(Floats{1, 2, 3, 4, 5, 6}, scores));
  EXPECT_THAT(scores, ElementsAre(11 + 220 + 1400 + 25000, 0));
}

TEST_F(ImportModel, OfEveryLayerThatResNetHas) {
  KerasFiles files({4, 4, 1});
  files.layer("ZeroPadding2D", "pad", {{"padding", {{1, 0}, {0, 1}}}});
  files.layer("MaxPooling2D", "max",
              {{"pool_size", {2, 2}}, {"strides", {2, 2}}, {"padding", "same"}});  // 5x5 -> 3x3
  files.layer("BatchNormalization", "norm", {{"axis", {3}}, {"epsilon", 1.0}, {"scale", false}});
  files.weights("norm/beta", {1}, {1}).weights("norm/moving_mean", {1}, {2});
  files.weights("norm/moving_variance", {1}, {3});
  files.layer("Activation", "act", {{"activation", "relu"}});
  files.layer("Add", "sum", json::object(), {"act", "norm"});
  files.layer("AveragePooling2D", "avg", {{"pool_size", {3, 3}}, {"strides", nullptr}, {"padding", "valid"}});
  files.layer("GlobalAveragePooling2D", "gap", json::object());
  files.layer("Dense", "fc", {{"units", 2}, {"activation", "softmax"}, {"use_bias", false}});
  files.weights("fc/kernel", {1, 2}, {0.1F, 0.2F});
  files.write(source());
  // Rows 0 | 0 1 2 3 | ... padded above and at the right; the pools take
  // 0 0 0 above, then of rows {4..7, 8..11} and {12..15}: see `pooled`.
  const Floats pooled = {1, 3, 0, 9, 11, 0, 13, 15, 0};
  double mean = 0;
  for (const float value : pooled) {
    const double norm = (value - 2) / 2.0 + 1;
    mean += (norm + std::max(norm, 0.0)) / 9;
  }
  const double second = 1 / (1 + std::exp(-0.1 * mean));
  const auto scores = answer(source(), test::counting(16));
  ASSERT_TRUE(scores) << one_line(scores.error());
  EXPECT_THAT(*scores, Pointwise(FloatNear(1e-5F),
                                 Floats{static_cast<float>(1 - second), static_cast<float>(second)}));
}

TEST_F(ImportModel, NamesUnknownLayersAndActivations) {
  KerasFiles files({4, 4, 1});
  files.layer("Lambda", "magic", json::object()).write(source());
  EXPECT_THAT(error(),
              HasSubstr("model.json: layer 'magic' (Lambda): layers of this class are not supported"));
  KerasFiles swish({4, 4, 1});
  swish.layer("Activation", "act", {{"activation", "swish"}}).write(source());
  EXPECT_THAT(error(), HasSubstr("layer 'act' (Activation): activation 'swish' is not supported"));
  KerasFiles dense({4, 4, 1});
  dense.layer("Dense", "fc", {{"units", 2}}).write(source());
  EXPECT_THAT(error(), HasSubstr("layer 'fc' (Dense): of an image is not supported"));
}

TEST_F(ImportModel, RefusesShardsThatAreShortLongOrMissing) {
  tiny_keras().write(source());
  ASSERT_TRUE(write_file(source() / "b.bin", "abc"));
  EXPECT_THAT(error(), HasSubstr("its shards hold 39 bytes of weights where its manifest lists 72"));
  ASSERT_TRUE(write_file(source() / "b.bin", std::string(100, 'x')));
  EXPECT_THAT(error(), HasSubstr("its shards hold 136 bytes"));
  std::filesystem::remove(source() / "b.bin");
  EXPECT_THAT(error(), HasSubstr("b.bin: cannot open"));
  json model = tiny_keras().model_json();
  model["weightsManifest"][0]["paths"][1] = "../b.bin";
  EXPECT_THAT(error_with_json(model), HasSubstr("its shard '../b.bin' is not in its own folder"));
}

TEST_F(ImportModel, RefusesWeightsThatAreMissingOrOfAnotherShape) {
  tiny_keras().write(source());
  json model = tiny_keras().model_json();
  json& weights = model["weightsManifest"][0]["weights"];
  weights[0]["shape"] = {1, 1, 2, 3};
  EXPECT_THAT(error_with_json(model), HasSubstr("layer 'conv' (Conv2D): its kernel is 1x1x2x3, not 1x1x3x2"));
  weights[0] = {{"name", "other/kernel"}, {"shape", {1, 1, 3, 2}}, {"dtype", "float32"}};
  EXPECT_THAT(error_with_json(model), HasSubstr("layer 'conv' (Conv2D): its kernel is missing"));
  weights[0]["dtype"] = "int32";
  EXPECT_THAT(error_with_json(model), HasSubstr("'other/kernel' is not of float32"));
  weights[0]["shape"] = {1, -1};
  weights[0]["dtype"] = "float32";
  EXPECT_THAT(error_with_json(model), HasSubstr("'other/kernel' has the shape 1x-1"));
}

TEST_F(ImportModel, RefusesWhatIsNoLayersModel) {
  tiny_keras().write(source());
  EXPECT_THAT(error_with_json(json::array()), HasSubstr("model.json: it is no TensorFlow.js layers model"));
  json graph = tiny_keras().model_json();
  graph["format"] = "graph-model";
  EXPECT_THAT(error_with_json(graph), HasSubstr("it is no layers model but a 'graph-model'"));
  ASSERT_TRUE(write_file(source() / "model.json", tiny_keras().model_json().dump().substr(0, 300)));
  EXPECT_THAT(error(), HasSubstr("it is no TensorFlow.js layers model"));
  std::filesystem::remove_all(source());
  EXPECT_THAT(error(), HasSubstr("model.json: cannot open"));
}

TEST_F(ImportModel, RefusesAnInputOfNoUsableSize) {
  tiny_keras().write(source());
  for (const std::int64_t channels : {std::int64_t{-3}, std::int64_t{0}, std::int64_t{1'000'000'000'000}}) {
    json model = tiny_keras().model_json();
    json& layers = model["modelTopology"]["model_config"]["config"]["layers"];
    layers[0]["config"]["batch_input_shape"][3] = channels;
    EXPECT_THAT(error_with_json(model), HasSubstr("no usable size")) << channels;
  }
}

TEST_F(ImportModel, ReadsNoMoreThanTheManifestLists) {
  tiny_keras().write(source());
  json model = tiny_keras().model_json();
  json& paths = model["weightsManifest"][0]["paths"];
  paths = json::array();
  for (int i = 0; i < 9'000; ++i) paths.push_back("b.bin");
  EXPECT_THAT(error_with_json(model),
              HasSubstr("its shards hold 108 bytes of weights where its manifest lists 72"));
  for (int i = 0; i < 11'000; ++i) paths.push_back("b.bin");
  EXPECT_THAT(error_with_json(model), HasSubstr("it lists 20000 shards"));
  json& weights = model["weightsManifest"][0]["weights"];
  for (int i = 0; i < 3; ++i)
    weights.push_back({{"name", std::to_string(i)}, {"shape", {1 << 27}}, {"dtype", "float32"}});
  EXPECT_THAT(error_with_json(model), HasSubstr("its weights are more than 1073741824 bytes"));
}

TEST_F(ImportModel, RefusesPipesAndDevices) {
  tiny_keras().write(source());
  std::filesystem::remove(source() / "b.bin");
  std::filesystem::create_symlink("/dev/zero", source() / "b.bin");
  EXPECT_THAT(error(), HasSubstr("b.bin: it is no regular file"));
  std::filesystem::remove(source() / "model.json");
  ASSERT_EQ(::mkfifo((source() / "model.json").c_str(), 0600), 0);
  EXPECT_THAT(error(), HasSubstr("model.json: it is no regular file"));
}

TEST_F(ImportModel, RefusesHundredsOfThousandsOfBrackets) {
  tiny_keras().write(source());
  const std::string model = tiny_keras().model_json().dump();
  const std::string open(100'000, '['), close(100'000, ']');
  const auto at = model.find("\"layers\":") + 9;
  ASSERT_TRUE(
      write_file(source() / "model.json", model.substr(0, at) + open + close + ",\"x\":" + model.substr(at)));
  EXPECT_THAT(error(), HasSubstr("more than 64 levels of brackets"));
  ASSERT_TRUE(write_file(source() / "model.json", open));
  EXPECT_THAT(error(), HasSubstr("more than 64 levels of brackets"));
}

// Whatever one value of the text is replaced by: an answer or an error, no crash.
TEST_F(ImportModel, SurvivesAnyValueReplaced) {
  tiny_keras().write(source());
  const json flat = tiny_keras().model_json().flatten();
  const json odd[] = {nullptr, -1, 1e300, "x", true, json::array(), json::object(), json::array({1, "x"})};
  for (const auto& [pointer, value] : flat.items())
    for (const json& replacement : odd) {
      json model = tiny_keras().model_json();
      model[json::json_pointer(pointer)] = replacement;
      ASSERT_TRUE(write_file(source() / "model.json", model.dump()));
      (void)answer(source(), Floats(6));
    }
}

}  // namespace
}  // namespace pw::inference
