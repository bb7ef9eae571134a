// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/rewrite/fuse.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "inference/graph/node_readers.h"
#include "inference/ground/vector_loops.h"

namespace pw::inference {
namespace {

class Fuser {
 public:
  explicit Fuser(Graph& graph) : graph_(graph), uses_(count_uses(graph)) {}

  void run() {
    drop_identities();
    for (Node& node : graph_.nodes) {
      fuse_batch_norm(node) || fuse_constant_add(node) || fuse_residual_add(node) || fuse_clamp(node);
      if (!node.outputs.empty()) producers_[node.outputs[0]] = &node;
    }
    drop_empty();
    uses_ = count_uses(graph_);
    fuse_pads();
    drop_empty();
  }

 private:
  const Tensor* constant(const std::string& name) const { return find_constant(graph_, name); }

  // The node before, where `tensor` is its only result and is read only once.
  Node* only_producer(const std::string& tensor) {
    const auto found = producers_.find(tensor);
    if (found == producers_.end() || uses_[tensor] != 1) return nullptr;
    return found->second->outputs.size() == 1 ? found->second : nullptr;
  }

  // `node` takes over what `before` does and keeps its own result; `before` becomes empty.
  static void absorb(Node& node, Node& before) {
    std::vector<std::string> outputs = std::exchange(node.outputs, {});
    node = std::exchange(before, Node{});
    node.outputs = std::move(outputs);
  }

  void drop_empty() {
    std::erase_if(graph_.nodes, [](const Node& node) { return node.op.empty(); });
  }

  void drop_identities() {
    std::map<std::string, std::string> same_as;
    const auto resolve = [&](std::string& tensor) {
      if (const auto found = same_as.find(tensor); found != same_as.end()) tensor = found->second;
    };
    for (Node& node : graph_.nodes) {
      for (std::string& input : node.inputs) resolve(input);
      const bool dropout = node.op == "Dropout" && !is_training(graph_, node) &&
                           (node.outputs.size() < 2 || uses_[node.outputs[1]] == 0);
      if ((node.op != "Identity" && !dropout) || node.inputs.empty() || node.outputs.empty()) continue;
      same_as[node.outputs[0]] = node.inputs[0];
      node = {};
    }
    resolve(graph_.output);
    drop_empty();
    uses_ = count_uses(graph_);
  }

  // The conv's own copy of its weights, where no other node reads them the tensor itself.
  Tensor& own_constant(Node& conv, std::size_t input) {
    const std::string name = conv.inputs[input];
    if (uses_[name] == 1) return graph_.constants[name];
    std::string copy = name + "/" + conv.name;
    while (graph_.constants.contains(copy)) copy += "'";
    --uses_[name];
    uses_[copy] = 1;
    conv.inputs[input] = copy;
    return graph_.constants[copy] = graph_.constants[name];
  }

  // The conv's bias; one of zeros where it has none. Nothing where it is not one number per channel.
  Tensor* own_bias(Node& conv, std::int64_t channels) {
    if (conv.input(2).empty()) {
      std::string name = conv.name + "/bias";
      while (graph_.constants.contains(name) || uses_[name] > 0) name += "'";
      conv.inputs.resize(3);
      conv.inputs[2] = name;
      uses_[name] = 1;
      graph_.constants[name] = {{channels}, std::vector<float>(static_cast<std::size_t>(channels)), {}};
    }
    const Tensor* bias = constant(conv.inputs[2]);
    if (!bias || bias->floats.size() != static_cast<std::size_t>(channels)) return nullptr;
    return &own_constant(conv, 2);
  }

  // Output channels of a Conv with constant weights; nothing for any other node.
  std::optional<std::int64_t> conv_channels(const Node* node) const {
    if (!node || node->op != "Conv" || node->clamp || !node->residual.empty()) return {};
    const Tensor* weights = constant(node->input(1));
    if (!weights || weights->dims.size() != 4 || weights->floats.empty()) return {};
    return weights->dims[0];
  }

  bool fuse_batch_norm(Node& node) {
    if (node.op != "BatchNormalization" || node.inputs.size() != 5 || node.outputs.size() != 1) return false;
    if (is_training(graph_, node)) return false;
    Node* conv = only_producer(node.inputs[0]);
    const auto channels = conv_channels(conv);
    if (!channels) return false;
    const Tensor* parameters[4];  // scale, shift, mean, variance
    for (std::size_t i = 0; i < 4; ++i) {
      parameters[i] = constant(node.inputs[i + 1]);
      if (!parameters[i] || parameters[i]->floats.size() != static_cast<std::size_t>(*channels)) return false;
    }
    Tensor* bias = own_bias(*conv, *channels);
    if (!bias) return false;
    Tensor& weights = own_constant(*conv, 1);
    const double epsilon = node.number("epsilon", 1e-5F);
    const auto count = static_cast<std::size_t>(*channels);
    const std::size_t per_channel = weights.floats.size() / count;
    for (std::size_t c = 0; c < count; ++c) {
      const double factor = parameters[0]->floats[c] / std::sqrt(parameters[3]->floats[c] + epsilon);
      const double shift = parameters[1]->floats[c] - parameters[2]->floats[c] * factor;
      bias->floats[c] = static_cast<float>(bias->floats[c] * factor + shift);
      scale_row(&weights.floats[c * per_channel], factor, static_cast<std::int64_t>(per_channel));
    }
    absorb(node, *conv);
    return true;
  }

  // Whether it has one number per channel of a tensor NxCxHxW.
  static bool is_per_channel(const Tensor& tensor, std::int64_t channels) {
    const Dims& dims = tensor.dims;
    return dims == Dims{channels, 1, 1} || dims == Dims{1, channels, 1, 1};
  }

  bool fuse_constant_add(Node& node) {
    if (node.op != "Add" || node.inputs.size() != 2) return false;
    for (const std::size_t side : {0U, 1U}) {
      const Tensor* addend = constant(node.inputs[1 - side]);
      Node* before = only_producer(node.inputs[side]);
      if (!addend || !before) continue;
      if (const auto channels = conv_channels(before); channels && is_per_channel(*addend, *channels)) {
        Tensor* bias = own_bias(*before, *channels);
        if (!bias || addend->floats.size() != bias->floats.size()) return false;
        for (std::size_t c = 0; c < bias->floats.size(); ++c) bias->floats[c] += addend->floats[c];
      } else if (before->op == "MatMul" && addend->dims.size() == 1 && before->inputs.size() == 2 &&
                 constant(before->inputs[1])) {
        before->op = "Gemm";
        before->inputs.push_back(node.inputs[1 - side]);
      } else {
        continue;
      }
      absorb(node, *before);
      return true;
    }
    return false;
  }

  // The Conv that comes later takes the Add's place, so that the other side is there before it.
  bool fuse_residual_add(Node& node) {
    if (node.op != "Add" || node.inputs.size() != 2 || node.inputs[0] == node.inputs[1]) return false;
    Node* conv = nullptr;
    std::string residual;
    for (const std::size_t side : {0U, 1U}) {
      Node* before = only_producer(node.inputs[side]);
      if (!conv_channels(before) || (conv && before < conv)) continue;
      conv = before;
      residual = node.inputs[1 - side];
    }
    if (!conv || constant(residual)) return false;
    absorb(node, *conv);
    node.residual = residual;
    return true;
  }

  bool fuse_clamp(Node& node) {
    static const std::vector<std::string> kTakeAny = {"Conv", "Add", "Gemm"};
    if ((node.op != "Relu" && node.op != "Clip") || node.inputs.empty()) return false;
    Node* before = only_producer(node.inputs[0]);
    const auto clamp = read_clamp(graph_, node);
    if (!before || before->clamp || !clamp) return false;
    const bool takes = std::count(kTakeAny.begin(), kTakeAny.end(), before->op) > 0 ||
                       (before->op == "BatchNormalization" && clamp->is_relu());
    if (!takes) return false;
    absorb(node, *before);
    node.clamp = *clamp;
    return true;
  }

  void fuse_pads() {
    producers_.clear();
    for (Node& node : graph_.nodes) {
      if (!node.inputs.empty() && (node.op == "Conv" || node.op == "MaxPool")) fuse_pad(node);
      if (!node.outputs.empty()) producers_[node.outputs[0]] = &node;
    }
  }

  void fuse_pad(Node& node) {
    Node* before = only_producer(node.inputs[0]);
    const bool explicit_pads = node.text("auto_pad", "NOTSET") == "NOTSET";
    if (!before || before->op != "Pad" || !explicit_pads) return;
    const auto pad = read_pad(graph_, *before);
    if (!pad || pad->value != 0.0F || pad->amounts.size() != 8) return;
    const std::vector<std::int64_t>& amounts = pad->amounts;  // begin of N C H W, end of N C H W
    if (amounts[0] != 0 || amounts[1] != 0 || amounts[4] != 0 || amounts[5] != 0) return;
    std::vector<std::int64_t> pads = node.integers("pads");  // begin of H W, end of H W
    pads.resize(4);
    for (const auto& [to, from] : {std::pair{0U, 2U}, {1U, 3U}, {2U, 6U}, {3U, 7U}})
      pads[to] += amounts[from];
    if (node.op == "MaxPool" && !zeros_are_lowest(before->inputs[0], node, pads)) return;
    node.attributes["pads"].integers = pads;
    node.inputs[0] = before->inputs[0];
    *before = {};
  }

  // A pool ignores its own padding: the same as zeros where nothing is negative and no window is all padding.
  bool zeros_are_lowest(const std::string& tensor, const Node& pool, const std::vector<std::int64_t>& pads) {
    const auto producer = producers_.find(tensor);
    const bool positive =
        producer != producers_.end() &&
        ((producer->second->clamp && producer->second->clamp->low >= 0) || producer->second->op == "Relu");
    const std::vector<std::int64_t> kernel = pool.integers("kernel_shape");
    return positive && kernel.size() == 2 && std::max(pads[0], pads[2]) < kernel[0] &&
           std::max(pads[1], pads[3]) < kernel[1] && pool.integer("ceil_mode", 0) == 0;
  }

  Graph& graph_;
  std::map<std::string, int> uses_;
  std::map<std::string, Node*> producers_;
};

}  // namespace

void fuse(Graph& graph) { Fuser(graph).run(); }

}  // namespace pw::inference
