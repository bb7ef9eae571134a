// SPDX-License-Identifier: GPL-3.0-or-later
// A row of the table of operators: how one is planned. The table itself stands above those who compute
// (network/operators.cc) and is handed to the Planner.
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "inference/graph/graph.h"

namespace pw::inference {

class Planner;
struct Value;

// Adds the steps that compute node.outputs[0] and returns where it will be. Errors name the node. oneDNN's
// exceptions and std::bad_alloc are the caller's to turn into errors.
using PlanFunction = Result<Value> (*)(Planner& planner, const Node& node);

// What an operator reads where the network is narrower than floats.
enum class Takes {
  floats,  // made out of what is there
  same,    // what is there; where several are put together: all in the format of the result
  narrow,  // what its `narrow` asks for
};

struct Operator {
  std::string_view name;  // ONNX's
  PlanFunction plan;
  PlanFunction blas = nullptr;  // for Backend::blas; none: `plan`, where oneDNN's plain code is good enough
  Takes takes = Takes::floats;
  PlanFunction narrow = nullptr;  // for bf16 and int8
};

using Operators = std::span<const Operator>;

// nullptr where there is none of that name.
const Operator* find_operator(Operators operators, std::string_view name);

}  // namespace pw::inference
