// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "model/experiment.h"

namespace pw {

// Facts as they are found; what is unknown or empty is left out. Device-tree texts lose their final NUL.
class FactList {
 public:
  void add(std::string_view key, const std::optional<std::string>& value) {
    std::string text = value ? std::string(trim(printable(*value))) : "";
    if (!text.empty()) facts_.push_back({printable(key), std::move(text)});
  }
  std::vector<Fact> take() { return std::move(facts_); }

 private:
  std::vector<Fact> facts_;
};

}  // namespace pw
