// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/files/file_name.h"

namespace pw {

std::string file_name(std::string_view text) {
  std::string name;
  for (const char c : text.substr(0, kMostName)) {
    const bool upper = c >= 'A' && c <= 'Z';
    const char lower = upper ? static_cast<char>(c - 'A' + 'a') : c;
    const bool plain = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    if (plain)
      name += lower;
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  return name.empty() ? "event" : name;
}

}  // namespace pw
