// SPDX-License-Identifier: GPL-3.0-or-later
// An image classifier out of an ONNX file, ready to run.
#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "inference/graph/input_shape.h"
#include "inference/network/layer_work.h"
#include "inference/plan/layer.h"
#include "inference/plan/network_options.h"

namespace pw::inference {

class Network {
 public:
  // Reads, checks, fuses and plans the model. Errors (Failure::input) name the file and, where an operator is
  // not supported, the node; Failure::not_possible: this machine cannot do what the options ask for.
  // `observe`: told of every tensor in every run.
  static Result<Network> load(const std::filesystem::path& onnx, const NetworkOptions& options,
                              Observe observe = {});

  Network(Network&&) noexcept;
  Network& operator=(Network&&) noexcept;
  ~Network();

  InputShape input() const;
  int classes() const;
  // Whether every score is within 0 and 1 by construction; else they are logits.
  bool gives_probabilities() const;
  // Those of load(), with the number of threads and the backend that were chosen.
  const NetworkOptions& options() const;

  // What a run does, in that order, with the name of each as a region, of which no two are alike, and, where
  // the options ask for that, what it does.
  std::vector<Layer> layers() const;
  std::vector<std::string> layer_names() const;
  std::vector<LayerWork> layer_work() const;

  // What the user should know of how it was made.
  const std::vector<std::string>& warnings() const;

  // `pixels`: batch * height * width * 3 floats in the layout that input() says. `scores`: batch * classes()
  // floats: the graph's output as it is (ResNet-50 of Keras: probabilities).
  Result<> run(std::span<const float> pixels, std::span<float> scores);

  // The layer alone, `times` times on what run_before() left for it. A residual that it adds
  // to in place grows with each time.
  Result<> run_layer(std::size_t layer, int times);
  // A run that ends before this layer. `pixels`: as for run().
  Result<> run_before(std::span<const float> pixels, std::size_t layer);

  // A key of the model's metadata_props ("perfwatt.preprocess"); "" where there is none.
  std::string metadata(const std::string& key) const;

 private:
  struct Plan;
  explicit Network(std::unique_ptr<Plan> plan);
  std::unique_ptr<Plan> plan_;
};

}  // namespace pw::inference
