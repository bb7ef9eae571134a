// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/text_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace pw {

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string pad_right(std::string_view text, std::size_t width) {
  return std::string(text) + std::string(width - std::min(width, columns(text)), ' ');
}

std::string pad_left(std::string_view text, std::size_t width) {
  return std::string(width - std::min(width, columns(text)), ' ') + std::string(text);
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string out;
  std::size_t used = indent;
  for (const std::string& word : split(text, ' ')) {
    const std::size_t length = columns(word);
    if (used > indent && used + 1 + length > width) {
      out += "\n" + std::string(indent, ' ');
      used = indent;
    } else if (!out.empty() && used > indent) {
      out += ' ';
      ++used;
    }
    out += word;
    used += length;
  }
  return out;
}

std::string interval(const Statistics& statistics) {
  if (!statistics.half_width) return "n = 1";
  if (statistics.mean == 0) return fmt::format("± {:.2g}", *statistics.half_width);
  return fmt::format("± {:.2f} %", 100 * *statistics.half_width / std::abs(statistics.mean));
}

std::string amount(double value, std::string_view unit) {
  if (unit.empty() && value == std::floor(value) && std::abs(value) < 100000)
    return grouped(static_cast<std::int64_t>(value));
  return std::string(trim(si(value, 4) + std::string(unit)));
}

}  // namespace pw
