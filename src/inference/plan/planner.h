// SPDX-License-Identifier: GPL-3.0-or-later
// From a fused graph to a list of steps with their memory, made once and run for every photo.
#pragma once

#include <cstddef>
#include <dnnl.hpp>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "inference/graph/graph.h"
#include "inference/plan/buffer_pool.h"
#include "inference/plan/formats.h"
#include "inference/plan/layer.h"
#include "inference/plan/network_options.h"
#include "inference/plan/operator.h"
#include "inference/plan/step.h"
#include "inference/plan/tune.h"
#include "inference/plan/value.h"

namespace pw::inference {

// The index of the candidate to take for this work: a Tuner's.
using Choice = std::function<std::size_t(const std::string& work, const std::vector<Candidate>& candidates)>;

class Planner {
 public:
  // `engine`, `graph`, `operators` and what `choice` uses outlive the planner. Without a choice the first way
  // to compute something is taken.
  Planner(Graph& graph, const dnnl::engine& engine, Operators operators, const NetworkOptions& options = {},
          Choice choice = {});

  // From now on; the steps keep a copy of it.
  void observe(Observe observe) { observe_ = std::move(observe); }

  // Plans every node; a constant is gone from the graph once it is planned. Errors name the node
  // (Failure::input) or what is not there on this machine (Failure::not_possible). Each operator type is
  // known before any is planned.
  Result<> plan();

  // What plan() made. The steps' memory lives in the pools.
  struct Made {
    std::vector<Step> steps;
    BufferPool pool;                       // of activations
    BufferPool constants;                  // which are all kept
    std::vector<BufferPool::Buffer> kept;  // buffers with contents that steps rely on
    Value input;                           // row-major
    Value output;                          // row-major
  };
  Made take() { return std::move(made_); }

  // For the operators' own planning functions.
  const Graph& graph() const { return graph_; }
  const dnnl::engine& engine() const { return engine_; }
  const NetworkOptions& options() const { return options_; }  // its backend is not Backend::automatic

  // The index of the candidate to take for this work.
  std::size_t choose(const std::string& work, const std::vector<Candidate>& candidates) const {
    return choice_ ? choice_(work, candidates) : 0;
  }

  // An activation; an error where the tensor is a constant or left out.
  Result<Value> value(const Node& node, const std::string& tensor) const;
  // A constant of floats; an error where the tensor is anything else.
  Result<const Tensor*> weights(const Node& node, const std::string& tensor) const;

  // How that tensor is to be stored; floats where nothing else was chosen.
  Format format(const std::string& tensor) const;
  // Of the arithmetic that is not in 8 bits.
  dnnl::memory::data_type float_type() const;

  // A fresh tensor of that layout. No other gets its memory before all steps of the node that is being
  // planned are there, whatever becomes of the Value.
  Value make(const dnnl::memory::desc& desc);
  // The same tensor in another layout and format: a reorder, where its numbers lie elsewhere.
  Value reordered(const Node& node, const Value& value, const dnnl::memory::desc& desc, float scale);
  // The same, floats without a scale and 8 bits with the value's.
  Value in_layout(const Node& node, const Value& value, const dnnl::memory::desc& desc);
  Value row_major(const Node& node, const Value& value);
  // The same tensor in that format, channels last where that is narrower than floats.
  Value in_format(const Node& node, const Value& value, const Format& format);
  // Floats that are known now, in the wanted layout, in memory of their own.
  dnnl::memory constant(const float* floats, const dnnl::memory::desc& plain,
                        const dnnl::memory::desc& wanted);
  // Whether the node may write over this tensor: nothing else reads it from now on.
  bool may_overwrite(const std::string& tensor, const Value& value) const;

  // No other tensor gets this buffer and no node writes over it.
  void keep(const BufferPool::Buffer& buffer) { made_.kept.push_back(buffer); }

  dnnl::memory memory(const Value& value) const;
  void add_step(const Node& node, const dnnl::primitive& primitive, Arguments arguments);
  // Writes `from` into `to`, where one step stands for `scale`.
  void add_reorder(const Node& node, const Value& from, const Value& to, float scale);
  void add_step(Step step) { made_.steps.push_back(std::move(step)); }

 private:
  Result<> check_operators() const;
  Result<> plan_node(const Node& node);
  Result<Value> plan_operator(const Node& node);
  // Returns what was there.
  std::map<std::string, Value> convert_inputs(const Node& node, const Format& format);
  void add_observer(const Node& node, const Value& value);
  void forget(const std::string& tensor);

  Graph& graph_;
  Operators operators_;
  NetworkOptions options_;
  Choice choice_;
  dnnl::engine engine_;
  dnnl::stream stream_;
  std::map<std::string, int> uses_left_;
  std::map<std::string, Value> values_;
  std::map<std::string, Format> formats_;
  Observe observe_;
  std::vector<BufferPool::Buffer> made_here_;  // by the node that is being planned
  Made made_;
};

}  // namespace pw::inference
