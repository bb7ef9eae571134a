// SPDX-License-Identifier: GPL-3.0-or-later
#include "collect/command_environment.h"

#include <cstdlib>

namespace pw {
namespace {

std::string variable_start(std::string_view name) { return std::string(name) + "="; }

}  // namespace

std::optional<std::string> CommandEnvironment::value(std::string_view name) const {
  const std::string start = variable_start(name);
  for (auto one = variables_.rbegin(); one != variables_.rend(); ++one)
    if (one->starts_with(start)) return one->substr(start.size());
  const char* const ours = std::getenv(std::string(name).c_str());
  return ours ? std::optional<std::string>(ours) : std::nullopt;
}

void CommandEnvironment::set(std::string_view name, std::string_view value) {
  variables_.push_back(variable_start(name).append(value));
}

}  // namespace pw
