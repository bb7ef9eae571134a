// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/nesting.h"

namespace pw {

bool nests_deeper(std::string_view json, std::size_t most) {
  std::size_t level = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') quoted = !quoted;
    if (quoted && c == '\\') ++i;
    if (quoted) continue;
    if ((c == '[' || c == '{') && ++level > most) return true;
    if ((c == ']' || c == '}') && level > 0) --level;
  }
  return false;
}

}  // namespace pw
