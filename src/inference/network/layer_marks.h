// SPDX-License-Identifier: GPL-3.0-or-later
// The layers of a network as regions of `perfwatt run` (docs/regions.md).
#pragma once

#include <perfwatt/regions.h>

#include <cstddef>
#include <string>
#include <vector>

#include "inference/network/layer_work.h"
#include "inference/plan/layer.h"

namespace pw::inference {

// A name for each, of which no two are alike: that of its node; where a node has several, also what computes
// it.
std::vector<std::string> region_names(const std::vector<Layer>& layers);

class LayerMarks {
 public:
  LayerMarks() = default;  // marks nothing
  LayerMarks(const std::vector<Layer>& layers, const std::vector<LayerWork>& work);

  void begin(std::size_t layer) const {
    if (!regions_.empty()) perfwatt_begin(regions_[layer]);
  }
  void end(std::size_t layer) const {
    if (!regions_.empty()) perfwatt_end(regions_[layer]);
  }

 private:
  std::vector<perfwatt_region> regions_;
};

}  // namespace pw::inference
