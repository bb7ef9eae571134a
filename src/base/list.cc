// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/list.h"

#include <string>

#include "base/text.h"

namespace pw {
namespace {

// Digits alone.
std::optional<int> list_number(std::string_view text) {
  const std::string_view digits = trim(text);
  const auto number = digits.starts_with('-') ? std::nullopt : parse_integer(digits);
  return number && *number < kListEnd ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

}  // namespace

std::optional<std::vector<int>> parse_list(std::string_view text) {
  std::vector<int> numbers;
  for (const std::string& part : split(text, ',')) {
    const std::size_t dash = part.find('-');
    const auto first = list_number(std::string_view(part).substr(0, dash));
    const auto last =
        dash == std::string::npos ? first : list_number(std::string_view(part).substr(dash + 1));
    if (!first || !last || *last < *first) return std::nullopt;
    if (numbers.size() + static_cast<std::size_t>(*last - *first) >= kListEnd) return std::nullopt;
    for (int number = *first; number <= *last; ++number) numbers.push_back(number);
  }
  return numbers;
}

std::string list_text(std::span<const int> numbers) {
  std::string text;
  for (std::size_t first = 0; first < numbers.size();) {
    std::size_t last = first;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last] + 1) ++last;
    if (!text.empty()) text += ',';
    text += std::to_string(numbers[first]);
    if (last > first) text += '-' + std::to_string(numbers[last]);
    first = last + 1;
  }
  return text;
}

}  // namespace pw
