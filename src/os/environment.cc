// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/environment.h"

#include <sys/wait.h>
#include <unistd.h>

#include <string_view>

namespace pw {

bool is_secret(std::string_view variable) {
  const std::string_view name = variable.substr(0, variable.find('='));
  return name.starts_with("PERFWATT_") && name.find("PASSWORD") != std::string_view::npos;
}

std::vector<std::string> environment_without_secrets() {
  std::vector<std::string> kept;
  for (char** variable = environ; *variable; ++variable)
    if (!is_secret(*variable)) kept.emplace_back(*variable);
  return kept;
}

std::vector<char*> c_strings(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& text : strings) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

int shell_status(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

}  // namespace pw
