// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/network/network.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <utility>

#include "inference/blas/blas.h"
#include "inference/graph/batch.h"
#include "inference/graph/graph.h"
#include "inference/graph/score_range.h"
#include "inference/ground/pin.h"
#include "inference/ground/team.h"
#include "inference/network/env_warnings.h"
#include "inference/network/layer_marks.h"
#include "inference/network/layer_work.h"
#include "inference/network/operators.h"
#include "inference/network/tuned_machine.h"
#include "inference/onnx/read.h"
#include "inference/plan/planner.h"
#include "inference/plan/step.h"
#include "inference/plan/tune.h"
#include "inference/rewrite/fuse.h"
#include "os/file.h"

namespace pw::inference {

namespace {

Result<InputShape> read_input_shape(const Dims& dims) {
  if (dims.size() == 4 && dims[0] > 1 && (dims[1] == 3 || dims[3] == 3))
    return fail(Failure::input, fmt::format("its input {} has a fixed batch of {}", dims_text(dims), dims[0]),
                "", "export it again with a batch of 1 or an open one; --batch makes it larger");
  const bool image = dims.size() == 4 && dims[0] == 1;
  if (image && dims[1] == 3) return InputShape{static_cast<int>(dims[2]), static_cast<int>(dims[3]), false};
  if (image && dims[3] == 3) return InputShape{static_cast<int>(dims[1]), static_cast<int>(dims[2]), true};
  const bool gray = image && (dims[1] == 1 || dims[3] == 1);
  return fail(Failure::input,
              fmt::format("its input is {}{}, not one image of 3 channels (1x3xHxW or 1xHxWx3)",
                          dims_text(dims), gray ? ", an image of one channel" : ""),
              "",
              gray ? "perfwatt decodes photos in colour: export it for 3 channels"
                   : "take an image classifier: perfwatt model list");
}

Tuner tuner_for(const NetworkOptions& options, bool quiet) {
  const int cpus = static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN));
  return {cache_folder() / "tune",
          tuned_machine(Root(), options.threads),
          options.tune,
          {harmless_load(cpus, options.threads), quiet},
          {monotonic_now, [] { return cpu_time_of_others(Root()); }}};
}

}  // namespace

namespace {

double bytes_of_element(Precision precision) {
  return precision == Precision::fp32 ? 4 : precision == Precision::bf16 ? 2 : 1;
}

// By which the peaks of the machine that hold for its layers are known (docs/regions.md, "Roofline").
std::string numbers_and_threads(Precision precision, int threads) {
  return fmt::format("{}, {} {}", precision_name(precision), threads, threads == 1 ? "thread" : "threads");
}

}  // namespace

struct Network::Plan {
  InputShape shape;
  bool probabilities = false;
  NetworkOptions options;
  std::vector<std::string> warnings;
  std::map<std::string, std::string> metadata;
  dnnl::engine engine{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream{engine};
  Planner::Made made;
  std::vector<LayerWork> layer_work;  // by step
  LayerMarks marks;

  std::vector<Layer> layers() const;
  Result<> build(const std::filesystem::path& onnx, Observe observe);
  void count_work(const Graph& shapes);
  Result<> take(std::span<const float> pixels) const;
  Result<> run(std::size_t begin, std::size_t end, bool marked);
};

Result<> Network::Plan::build(const std::filesystem::path& onnx, Observe observe) {
  int busy = busy_elsewhere(Root());
  auto graph = read_onnx(onnx);
  if (!graph) return pass_on(graph);
  const auto input = read_input_shape(graph->input_dims);
  if (!input) return pass_on(input);
  shape = *input;
  shape.batch = options.batch;
  if (auto batched = set_batch(*graph, options.batch); !batched) return batched;
  metadata = graph->metadata;
  probabilities = scores_are_probabilities(*graph);
  fuse(*graph);
  const bool counts_work = options.count_work || options.mark_layers;
  const Graph shapes = counts_work ? shapes_of(*graph) : Graph{};
  set_team_size(options.threads);
  warnings = slow_environment(options.threads);
  busy = std::max(busy, busy_elsewhere(Root()));
  Tuner tuner = tuner_for(options, busy == 0);
  if (options.backend == Backend::blas) use_one_blas_thread();
  Planner planner(*graph, engine, operators(), options,
                  [&tuner](const std::string& work, const std::vector<Candidate>& candidates) {
                    return tuner.choose(work, candidates);
                  });
  if (observe) planner.observe(std::move(observe));
  if (auto planned = planner.plan(); !planned) return planned;
  pin_team(Root(), std::max(busy, busy_elsewhere(Root())));
  tuner.save();
  warnings.insert(warnings.end(), tuner.warnings().begin(), tuner.warnings().end());
  made = planner.take();
  if (counts_work) count_work(shapes);
  if (options.mark_layers) marks = LayerMarks(layers(), layer_work);
  if (options.batch > 1 && made.output.desc.dims()[0] != options.batch)
    return fail(Failure::input, fmt::format("its output {} is not one row per image of a batch of {}",
                                            dims_text(made.output.desc.dims()), options.batch));
  return {};
}

void Network::Plan::count_work(const Graph& shapes) {
  for (const Step& step : made.steps) {
    layer_work.push_back(work_of(shapes, step.layer, bytes_of_element(options.precision)));
    layer_work.back().how += ", " + numbers_and_threads(options.precision, options.threads);
  }
}

std::vector<Layer> Network::Plan::layers() const {
  std::vector<Layer> layers;
  for (const Step& step : made.steps) layers.push_back(step.layer);
  return layers;
}

Result<Network> Network::load(const std::filesystem::path& onnx, const NetworkOptions& options,
                              Observe observe) {
  try {
    auto plan = std::make_unique<Plan>();
    plan->options = options;
    plan->options.backend = chosen_backend(options.backend);
    if (options.threads < 1) plan->options.threads = static_cast<int>(usable_cpus().size());
    if (auto built = plan->build(onnx, std::move(observe)); !built) {
      built.error().where = onnx.string();
      return pass_on(built);
    }
    return Network(std::move(plan));
  } catch (const dnnl::error& error) {
    return fail(Failure::input, fmt::format("oneDNN cannot run it: {}", error.what()), onnx.string());
  } catch (const std::bad_alloc&) {
    return fail(Failure::input, "not enough memory for it", onnx.string());
  }
}

Network::Network(std::unique_ptr<Plan> plan) : plan_(std::move(plan)) {}
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;
Network::~Network() = default;

InputShape Network::input() const { return plan_->shape; }

int Network::classes() const {
  return static_cast<int>(element_count(plan_->made.output.desc.dims()) / plan_->options.batch);
}

bool Network::gives_probabilities() const { return plan_->probabilities; }

const NetworkOptions& Network::options() const { return plan_->options; }

std::vector<Layer> Network::layers() const { return plan_->layers(); }
std::vector<std::string> Network::layer_names() const { return region_names(plan_->layers()); }
std::vector<LayerWork> Network::layer_work() const { return plan_->layer_work; }

std::string Network::metadata(const std::string& key) const {
  const auto found = plan_->metadata.find(key);
  return found == plan_->metadata.end() ? "" : found->second;
}

const std::vector<std::string>& Network::warnings() const { return plan_->warnings; }

Result<> Network::Plan::take(std::span<const float> pixels) const {
  if (pixels.size_bytes() != made.input.desc.get_size())
    return fail(Failure::input, fmt::format("{} pixel values do not fit the network", pixels.size()));
  std::memcpy(made.input.buffer.get(), pixels.data(), pixels.size_bytes());
  set_team_size(options.threads);
  return {};
}

Result<> Network::Plan::run(std::size_t begin, std::size_t end, bool marked) {
  try {
    for (std::size_t i = begin; i < end; ++i) {
      if (marked) marks.begin(i);
      made.steps[i].run(stream);
      if (marked) marks.end(i);
    }
    stream.wait();
  } catch (const dnnl::error& error) {
    return fail(Failure::measurement, fmt::format("oneDNN failed: {}", error.what()));
  }
  return {};
}

Result<> Network::run(std::span<const float> pixels, std::span<float> scores) {
  const Planner::Made& made = plan_->made;
  if (scores.size_bytes() != made.output.desc.get_size())
    return fail(Failure::input, fmt::format("{} scores do not fit the network", scores.size()));
  if (auto taken = plan_->take(pixels); !taken) return taken;
  if (auto done = plan_->run(0, made.steps.size(), true); !done) return done;
  std::memcpy(scores.data(), made.output.buffer.get(), scores.size_bytes());
  return {};
}

Result<> Network::run_before(std::span<const float> pixels, std::size_t layer) {
  if (auto taken = plan_->take(pixels); !taken) return taken;
  return plan_->run(0, layer, false);
}

Result<> Network::run_layer(std::size_t layer, int times) {
  for (int i = 0; i < times; ++i)
    if (auto done = plan_->run(layer, layer + 1, false); !done) return done;
  return {};
}

}  // namespace pw::inference
