// SPDX-License-Identifier: GPL-3.0-or-later
// How each tensor of a network is stored between steps, where that is not as floats.
#pragma once

#include <dnnl.hpp>
#include <map>
#include <string>

#include "inference/graph/graph.h"
#include "inference/plan/network_options.h"
#include "inference/plan/operator.h"

namespace pw::inference {

// What is stored times `scale` is the number.
struct Format {
  dnnl::memory::data_type type = dnnl::memory::data_type::f32;
  float scale = 1;

  bool eight_bits() const {
    return type == dnnl::memory::data_type::u8 || type == dnnl::memory::data_type::s8;
  }
  bool operator==(const Format&) const = default;
};

// By tensor; floats where there is none. Precision::bf16: what a convolution, a matrix product, a maximum or
// a concatenation reads. Precision::int8: of those tensors what leads to a convolution or matrix product in 8
// bits and has a limit in the calibration; u8 where nothing can be negative, else s8; what a Concat puts
// together has one scale. The first convolutions and the last matrix product are in bf16 then, where the CPU
// has that (`bf16`).
std::map<std::string, Format> choose_formats(const Graph& graph, Operators operators,
                                             const NetworkOptions& options, bool bf16);

// Whether it computes on the pixels of a photo, or on what is as thin: never in 8 bits.
bool reads_few_channels(const Graph& graph, const Node& node);

}  // namespace pw::inference
