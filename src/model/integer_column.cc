// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/integer_column.h"

#include <algorithm>
#include <bit>
#include <numeric>

namespace pw {
namespace {

// The first byte of a column: its width, and which of the words of its head follow.
constexpr std::uint8_t kWidth = 0x0f, kBase = 0x10, kStep = 0x20, kUnit = 0x40;
constexpr int kMostWidth = 8;

std::uint64_t along(std::int64_t step, std::size_t i) { return static_cast<std::uint64_t>(step) * i; }

std::uint64_t beside(std::int64_t value, std::int64_t step, std::size_t i) {
  return static_cast<std::uint64_t>(value) - along(step, i);
}

// The head of `values` where they lie along such a step.
IntegerColumn column_along(std::span<const std::int64_t> values, std::int64_t step) {
  IntegerColumn column;
  column.step = step;
  column.base = values.empty() ? 0 : values.front();
  for (std::size_t i = 0; i < values.size(); ++i)
    column.base = std::min(column.base, static_cast<std::int64_t>(beside(values[i], step, i)));
  std::uint64_t unit = 0, most = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint64_t rest = beside(values[i], step, i) - static_cast<std::uint64_t>(column.base);
    most = std::max(most, rest);
    if (unit != 1) unit = std::gcd(unit, rest);
  }
  column.unit = std::max<std::uint64_t>(unit, 1);
  column.width = static_cast<int>(std::bit_width(most / column.unit) + 7) / 8;
  return column;
}

std::int64_t slope(std::span<const std::int64_t> values) {
  if (values.size() < 2) return 0;
  const std::uint64_t rise =
      static_cast<std::uint64_t>(values.back()) - static_cast<std::uint64_t>(values.front());
  return static_cast<std::int64_t>(rise) / static_cast<std::int64_t>(values.size() - 1);
}

void pack_head(const IntegerColumn& column, std::string& bytes) {
  const int words =
      (column.base != 0 ? kBase : 0) | (column.step != 0 ? kStep : 0) | (column.unit != 1 ? kUnit : 0);
  bytes.push_back(static_cast<char>(column.width | words));
  if (column.base != 0) pack_word(static_cast<std::uint64_t>(column.base), bytes);
  if (column.step != 0) pack_word(static_cast<std::uint64_t>(column.step), bytes);
  if (column.unit != 1) pack_word(column.unit, bytes);
}

// The word that the flag says follows; `otherwise` where it does not.
std::optional<std::uint64_t> take_if(bool there, std::uint64_t otherwise, std::string_view& bytes) {
  return there ? take_word(bytes) : otherwise;
}

}  // namespace

void IntegerColumn::unpack(std::size_t first, std::span<std::int64_t> out) const {
  const std::size_t count = width == 0 ? 0 : planes.size() / static_cast<std::size_t>(width);
  std::ranges::fill(out, 0);
  for (int plane = 0; plane < width; ++plane) {
    const char* from = planes.data() + static_cast<std::size_t>(plane) * count + first;
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] |= static_cast<std::int64_t>(std::uint64_t{static_cast<unsigned char>(from[i])} << (8 * plane));
  }
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(base) + along(step, first + i) +
                                       unit * static_cast<std::uint64_t>(out[i]));
}

void pack_word(std::uint64_t word, std::string& bytes) {
  for (int i = 0; i < 8; ++i) bytes.push_back(static_cast<char>(word >> (8 * i) & 0xff));
}

std::optional<std::uint8_t> take_byte(std::string_view& bytes) {
  if (bytes.empty()) return std::nullopt;
  const auto byte = static_cast<std::uint8_t>(bytes.front());
  bytes.remove_prefix(1);
  return byte;
}

std::optional<std::uint64_t> take_word(std::string_view& bytes) {
  if (bytes.size() < 8) return std::nullopt;
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < 8; ++i) word |= std::uint64_t{static_cast<unsigned char>(bytes[i])} << (8 * i);
  bytes.remove_prefix(8);
  return word;
}

void pack_integers(std::span<const std::int64_t> values, std::string& bytes, int least_width) {
  IntegerColumn column = column_along(values, 0);
  if (const std::int64_t step = slope(values); step != 0)
    if (const IntegerColumn other = column_along(values, step); other.width < column.width) column = other;
  column.width = std::max(column.width, least_width);
  pack_head(column, bytes);
  const std::size_t planes = bytes.size();
  bytes.resize(planes + values.size() * static_cast<std::size_t>(column.width));
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint64_t rest =
        (beside(values[i], column.step, i) - static_cast<std::uint64_t>(column.base)) / column.unit;
    for (int plane = 0; plane < column.width; ++plane)
      bytes[planes + static_cast<std::size_t>(plane) * values.size() + i] =
          static_cast<char>(rest >> (8 * plane) & 0xff);
  }
}

std::optional<IntegerColumn> take_integers(std::string_view& bytes, std::size_t count) {
  const std::optional<std::uint8_t> head = take_byte(bytes);
  if (!head || (*head & kWidth) > kMostWidth) return std::nullopt;
  const auto base = take_if(*head & kBase, 0, bytes);
  const auto step = take_if(*head & kStep, 0, bytes);
  const auto unit = take_if(*head & kUnit, 1, bytes);
  const int width = *head & kWidth;
  if (!base || !step || !unit) return std::nullopt;
  if (width > 0 && bytes.size() / static_cast<std::size_t>(width) < count) return std::nullopt;
  const std::size_t size = count * static_cast<std::size_t>(width);
  IntegerColumn column{static_cast<std::int64_t>(*base), static_cast<std::int64_t>(*step), *unit, width,
                       bytes.substr(0, size)};
  bytes.remove_prefix(size);
  return column;
}

}  // namespace pw
