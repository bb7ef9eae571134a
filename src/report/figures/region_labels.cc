// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/figures/region_labels.h"

#include "base/text.h"
#include "base/text_width.h"

namespace pw {

std::string short_path(std::string_view path, std::size_t longest) {
  std::string text = printable(path);
  if (columns(text) <= longest) return text;
  while (columns(text) >= longest) {
    std::size_t next = 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xc0) == 0x80) ++next;
    text.erase(0, next);
  }
  return "…" + text;
}

}  // namespace pw
