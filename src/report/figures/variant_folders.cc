// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/figures/variant_folders.h"

#include <fmt/format.h>

#include <set>

#include "report/drawing/figure.h"

namespace pw {

std::vector<std::string> variant_folders(const Experiment& experiment) {
  if (experiment.variants.empty()) return {""};
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const Variant& one : experiment.variants) {
    const std::string name = file_name(one.label);
    std::string unique = name;
    for (int i = 2; !taken.insert(unique).second; ++i) unique = fmt::format("{}-{}", name, i);
    names.push_back(unique);
  }
  return names;
}

}  // namespace pw
