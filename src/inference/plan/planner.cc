// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/plan/planner.h"

#include <fmt/format.h>

#include <new>
#include <utility>

#include "inference/plan/plain_copy.h"
#include "inference/plan/precision.h"

namespace pw::inference {

Planner::Planner(Graph& graph, const dnnl::engine& engine, Operators operators, const NetworkOptions& options,
                 Choice choice)
    : graph_(graph),
      operators_(operators),
      options_(options),
      choice_(std::move(choice)),
      engine_(engine),
      stream_(engine),
      uses_left_(count_uses(graph)) {
  options_.backend = chosen_backend(options.backend);
}

Result<Value> Planner::value(const Node& node, const std::string& tensor) const {
  const auto found = values_.find(tensor);
  if (found != values_.end()) return found->second;
  if (tensor.empty()) return fail_node(node, "an input is missing");
  return fail_node(node, fmt::format("its input '{}' is a constant, which is not supported there", tensor));
}

Result<const Tensor*> Planner::weights(const Node& node, const std::string& tensor) const {
  const auto found = graph_.constants.find(tensor);
  if (tensor.empty() || found == graph_.constants.end())
    return fail_node(node, fmt::format("its input '{}' is not a constant", tensor));
  if (element_count(found->second.dims) != static_cast<std::int64_t>(found->second.floats.size()))
    return fail_node(node, fmt::format("its input '{}' has no float32 numbers", tensor));
  return &found->second;
}

Value Planner::make(const dnnl::memory::desc& desc) {
  made_here_.push_back(made_.pool.take(desc.get_size()));
  return {desc, made_here_.back()};
}

dnnl::memory Planner::memory(const Value& value) const { return {value.desc, engine_, value.buffer.get()}; }

void Planner::add_step(const Node& node, const dnnl::primitive& primitive, Arguments arguments) {
  made_.steps.push_back(onednn_step(node, primitive, std::move(arguments)));
}

void Planner::add_reorder(const Node& node, const Value& from, const Value& to, float scale) {
  if (options_.backend == Backend::blas && from.scale == scale)
    if (const auto copy = plain_copy(from.desc, to.desc))
      return add_step({{node.name, node.op, "copy", from.desc.dims(), to.desc.dims()},
                       [copy = *copy, x = static_cast<const float*>(from.buffer.get()),
                        y = static_cast<float*>(to.buffer.get())](dnnl::stream&) { copy.run(x, y); }});
  dnnl::primitive_attr attributes;
  if (from.scale != scale) attributes.set_output_scales(0, {from.scale / scale});
  const dnnl::memory source = memory(from), destination = memory(to);
  add_step(node, dnnl::reorder(source, destination, attributes),
           {{DNNL_ARG_FROM, source}, {DNNL_ARG_TO, destination}});
}

Value Planner::reordered(const Node& node, const Value& value, const dnnl::memory::desc& desc, float scale) {
  if (value.scale == scale && lies_as(value.desc, desc)) return {desc, value.buffer, scale};
  Value other = make(desc);
  other.scale = scale;
  add_reorder(node, value, other, scale);
  return other;
}

Value Planner::in_layout(const Node& node, const Value& value, const dnnl::memory::desc& desc) {
  const bool eight_bits = Format{desc.data_type(), 1}.eight_bits();
  return reordered(node, value, desc, eight_bits ? value.scale : 1);
}

Value Planner::in_format(const Node& node, const Value& value, const Format& format) {
  if (value.desc.data_type() == format.type && value.scale == format.scale) return value;
  dnnl::memory::desc desc = with_type(value.desc, format.type);
  if (desc.dims().size() == 4 && format != Format{})
    desc = {desc.dims(), format.type, dnnl::memory::format_tag::nhwc};
  return reordered(node, value, desc, format.scale);
}

Format Planner::format(const std::string& tensor) const {
  const auto found = formats_.find(tensor);
  return found == formats_.end() ? Format{} : found->second;
}

dnnl::memory::data_type Planner::float_type() const {
  const bool narrow = options_.precision != Precision::fp32 &&
                      check_precision(Precision::bf16, options_.backend, usable_isa());
  return narrow ? dnnl::memory::data_type::bf16 : dnnl::memory::data_type::f32;
}

Value Planner::row_major(const Node& node, const Value& value) {
  return in_layout(node, value, plain_desc(value.desc.dims()));
}

dnnl::memory Planner::constant(const float* floats, const dnnl::memory::desc& plain,
                               const dnnl::memory::desc& wanted) {
  dnnl::memory from(plain, engine_, const_cast<float*>(floats));  // only read
  const Value kept{wanted, made_.constants.take(wanted.get_size())};
  keep(kept.buffer);
  dnnl::memory to = memory(kept);
  // Its scratch memory, which is large for Winograd's weights, is an activation's afterwards.
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  const dnnl::reorder::primitive_desc chosen(from, to, attributes);
  const Value scratch{chosen.scratchpad_desc(), made_.pool.take(chosen.scratchpad_desc().get_size())};
  dnnl::reorder(chosen).execute(
      stream_, {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}, {DNNL_ARG_SCRATCHPAD, memory(scratch)}});
  stream_.wait();
  return to;
}

bool Planner::may_overwrite(const std::string& tensor, const Value& value) const {
  const auto uses = uses_left_.find(tensor);
  // Two hold the buffer: values_ and the caller's `value`. A view of it would be a third.
  return uses != uses_left_.end() && uses->second == 1 && value.buffer.use_count() <= 2;
}

void Planner::forget(const std::string& tensor) {
  if (--uses_left_[tensor] > 0) return;
  values_.erase(tensor);
  graph_.constants.erase(tensor);
}

std::map<std::string, Value> Planner::convert_inputs(const Node& node, const Format& format) {
  std::map<std::string, Value> before;
  for (const std::string& input : node.inputs) {
    const auto found = values_.find(input);
    if (found == values_.end() || before.contains(input)) continue;
    const Value converted = in_format(node, found->second, format);
    if (converted.buffer != found->second.buffer) before[input] = std::exchange(found->second, converted);
  }
  return before;
}

// The result is in its tensor's format, where it has one.
Result<Value> Planner::plan_operator(const Node& node) {
  const Operator& op = *find_operator(operators_, node.op);
  if (formats_.empty()) {
    auto made = (options_.backend == Backend::blas && op.blas ? op.blas : op.plan)(*this, node);
    if (made && observe_) add_observer(node, *made);
    return made;
  }
  std::map<std::string, Value> before;
  if (op.takes == Takes::floats) before = convert_inputs(node, {});
  if (op.takes == Takes::same && node.inputs.size() > 1)
    before = convert_inputs(node, format(node.outputs[0]));
  const auto made = (op.takes == Takes::narrow ? op.narrow : op.plan)(*this, node);
  for (auto& [tensor, value] : before) values_[tensor] = std::move(value);
  return made ? in_format(node, *made, format(node.outputs[0])) : made;
}

void Planner::add_observer(const Node& node, const Value& value) {
  const Value plain = row_major(node, value);
  const auto* const numbers = static_cast<const float*>(plain.buffer.get());
  const auto count = static_cast<std::size_t>(element_count(plain.desc.dims()));
  made_.steps.push_back({{node.name, node.op, "observe", plain.desc.dims(), {}},
                         [observe = observe_, name = node.outputs[0], numbers, count](dnnl::stream& stream) {
                           stream.wait();
                           observe(name, {numbers, count});
                         }});
}

Result<> Planner::plan_node(const Node& node) {
  for (std::size_t i = 1; i < node.outputs.size(); ++i)
    if (uses_left_.contains(node.outputs[i]))
      return fail_node(node, fmt::format("its result number {} is read, which is not supported", i + 1));
  if (node.outputs.empty()) return fail_node(node, "has no result");
  Result<Value> made;
  try {
    made = plan_operator(node);
  } catch (const dnnl::error& error) {
    return fail_node(node, fmt::format("oneDNN cannot run it: {}", error.what()));
  } catch (const std::bad_alloc&) {
    return fail_node(node, "not enough memory");
  }
  if (!made) return pass_on(made);
  made_here_.clear();
  for (const std::string& input : node.inputs) forget(input);
  if (!node.residual.empty()) forget(node.residual);
  if (uses_left_.contains(node.outputs[0])) values_[node.outputs[0]] = std::move(*made);
  return {};
}

Result<> Planner::check_operators() const {
  for (const Node& node : graph_.nodes)
    if (!find_operator(operators_, node.op)) return fail_node(node, "this operator is not supported");
  return {};
}

Result<> Planner::plan() {
  if (auto can = check_precision(options_.precision, options_.backend, usable_isa()); !can) return can;
  if (auto known = check_operators(); !known) return known;
  formats_ = choose_formats(graph_, operators_, options_, float_type() == dnnl::memory::data_type::bf16);
  if (formats_.empty() && options_.precision != Precision::fp32)
    return fail(
        Failure::input,
        fmt::format(
            "nothing in it can be computed in {}{}", precision_name(options_.precision),
            options_.precision == Precision::int8 && !options_.calibration ? " without a calibration" : ""));
  const std::size_t rank = graph_.input_dims.size();
  if (rank == 0 || rank > kMostDimensions)
    return fail(Failure::input, fmt::format("its input has {} dimensions", rank));
  // Held by made_, so that no other tensor and no in-place operator gets the input's buffer.
  made_.input = make(plain_desc(graph_.input_dims));
  Node first;
  first.name = graph_.input;
  first.op = "input";
  first.outputs = {graph_.input};
  if (observe_) add_observer(first, made_.input);
  values_[graph_.input] = in_format(first, made_.input, format(graph_.input));
  made_here_.clear();
  for (const Node& node : graph_.nodes)
    if (auto planned = plan_node(node); !planned) return planned;
  Node last;
  last.name = graph_.output;
  last.op = "output";
  const auto output = value(last, graph_.output);
  if (!output) return pass_on(output);
  made_.output = row_major(last, *output);
  return {};
}

}  // namespace pw::inference
