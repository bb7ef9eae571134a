// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/text/text_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace pw {
namespace {

// Takes the next word off `text`, of at most `width` columns; what is left of a longer one is the next.
std::string_view take_word(std::string_view& text, std::size_t width) {
  constexpr std::size_t longest = 4;  // bytes of a character
  const std::string_view near = text.substr(0, width * longest + 1);
  const std::size_t end = std::min(near.find(' '), near.size()), cut = bytes_of(near.substr(0, end), width);
  const std::string_view word = text.substr(0, cut);
  text.remove_prefix(std::min(cut < end ? cut : end + 1, text.size()));
  return word;
}

}  // namespace

std::string pad_right(std::string_view text, std::size_t width) {
  return std::string(text) + std::string(width - std::min(width, columns(text)), ' ');
}

std::string pad_left(std::string_view text, std::size_t width) {
  return std::string(width - std::min(width, columns(text)), ' ') + std::string(text);
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  const std::size_t widest = width > indent + 10 ? width - indent : 10;
  std::string out;
  std::size_t used = indent;
  while (!text.empty()) {
    const std::string_view word = take_word(text, widest);
    const std::size_t length = columns(word);
    if (used > indent && used + 1 + length > width) {
      out.append("\n").append(indent, ' ');
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

std::string shortened(std::string_view text, std::size_t length) {
  if (columns(text) <= length) return std::string(text);
  return std::string(text.substr(0, bytes_of(text, length - 1))) + "…";
}

std::string interval(const Statistics& statistics) {
  if (!statistics.half_width) return "";
  if (statistics.mean == 0) return fmt::format("± {:.2g}", *statistics.half_width);
  const double percent = 100 * *statistics.half_width / std::abs(statistics.mean);
  return percent < 1e5 ? fmt::format("± {:.{}f} %", percent, percent < 1000 ? 2 : 0)
                       : fmt::format("± {:.2g} %", percent);
}

std::string amount(double value, std::string_view unit) {
  if (unit.empty() && value == std::floor(value) && std::abs(value) < 100000)
    return grouped(static_cast<std::int64_t>(value));
  if (unit == "s" && std::abs(value) >= 1000) return grouped(std::llround(value)) + " s";
  return std::string(trim(si(value, 4) + std::string(unit)));
}

std::string percent(const std::optional<double>& share) {
  if (!share) return "";
  const double value = 100 * *share;
  const bool little = value != 0 && std::abs(value) < 0.05;
  return little ? fmt::format("{:.2g} %", value) : fmt::format("{:.1f} %", value);
}

std::string plural(std::size_t count, std::string_view noun) {
  const std::string_view ending = count == 1 ? "" : noun.ends_with("s") ? "es" : "s";
  return fmt::format("{} {}{}", grouped(static_cast<std::int64_t>(count)), noun, ending);
}

}  // namespace pw
