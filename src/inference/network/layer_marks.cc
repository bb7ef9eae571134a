// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/network/layer_marks.h"

#include <fmt/format.h>

#include <map>

namespace pw::inference {

std::vector<std::string> region_names(const std::vector<Layer>& layers) {
  std::map<std::string, int> of_node, seen;
  for (const Layer& layer : layers) ++of_node[layer.node];
  std::vector<std::string> names;
  for (const Layer& layer : layers) {
    std::string name = layer.node.empty() ? layer.op : layer.node;
    if (of_node[layer.node] > 1) name += fmt::format(" ({})", layer.implementation);
    if (const int before = seen[name]++; before > 0) name += fmt::format(" {}", before + 1);
    names.push_back(std::move(name));
  }
  return names;
}

LayerMarks::LayerMarks(const std::vector<Layer>& layers, const std::vector<LayerWork>& work) {
  const std::vector<std::string> names = region_names(layers);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    regions_.push_back(perfwatt_region_named(names[i].c_str()));
    perfwatt_work(regions_.back(), work[i].flops, work[i].bytes, work[i].how.c_str());
  }
}

}  // namespace pw::inference
