// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/table_text.h"

#include "base/text.h"

namespace pw {

std::string markdown_cell(std::string_view text) {
  constexpr std::string_view kMeaning = "\\|<>&*_`[]~";
  std::string safe;
  for (const char c : printable(text)) {
    if (kMeaning.find(c) != std::string_view::npos) safe += '\\';
    safe += c;
  }
  return safe;
}

std::string latex_text(std::string_view text) {
  std::string safe;
  for (const char c : printable(text)) {
    switch (c) {
      case '\\':
        safe += "\\textbackslash{}";
        break;
      case '~':
        safe += "\\textasciitilde{}";
        break;
      case '^':
        safe += "\\textasciicircum{}";
        break;
      case '&':
      case '%':
      case '$':
      case '#':
      case '_':
      case '{':
      case '}':
        safe += '\\';
        [[fallthrough]];
      default:
        safe += c;
    }
  }
  return safe;
}

}  // namespace pw
