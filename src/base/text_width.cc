// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text_width.h"

#include <algorithm>

namespace pw {
namespace {

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }

}  // namespace

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

std::size_t bytes_of(std::string_view text, std::size_t count) {
  std::size_t at = 0;
  while (at < text.size() && (count > 0 || !starts_character(text[at])))
    count -= starts_character(text[at++]) ? 1 : 0;
  return at;
}

}  // namespace pw
