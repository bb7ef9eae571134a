// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace pw {

// Texts that share a reason, in the order in which they came.
class ReasonGroups {
 public:
  void add(const std::string& reason, const std::string& text) {
    const auto same =
        std::find_if(groups_.begin(), groups_.end(), [&](auto& group) { return group.first == reason; });
    if (same == groups_.end())
      groups_.emplace_back(reason, text);
    else
      same->second += ", " + text;
  }
  const std::vector<std::pair<std::string, std::string>>& all() const { return groups_; }

 private:
  std::vector<std::pair<std::string, std::string>> groups_;
};

}  // namespace pw
