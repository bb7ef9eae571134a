// SPDX-License-Identifier: GPL-3.0-or-later
// The variables that a command will have: those that are set for it, else ours.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pw {

class CommandEnvironment {
 public:
  // `variables`: "NAME=value", which is added to.
  explicit CommandEnvironment(std::vector<std::string>& variables) : variables_(variables) {}

  std::optional<std::string> value(std::string_view name) const;
  void set(std::string_view name, std::string_view value);

 private:
  std::vector<std::string>& variables_;
};

}  // namespace pw
