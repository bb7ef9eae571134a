// SPDX-License-Identifier: GPL-3.0-or-later
// Tables between an enumeration and its names.
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace pw {

template <class Enum, std::size_t N>
using Names = std::array<std::pair<Enum, std::string_view>, N>;

template <class Enum, std::size_t N>
constexpr std::string_view name_in(const Names<Enum, N>& table, Enum value) {
  for (const auto& [key, text] : table)
    if (key == value) return text;
  return "?";
}

template <class Enum, std::size_t N>
constexpr std::optional<Enum> value_in(const Names<Enum, N>& table, std::string_view name) {
  for (const auto& [key, text] : table)
    if (text == name) return key;
  return std::nullopt;
}

}  // namespace pw
