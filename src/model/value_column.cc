// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/value_column.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <vector>

namespace pw {
namespace {

constexpr std::array kTens{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
constexpr std::array kTenths{1e0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9};
constexpr int kMostHalves = 30;
constexpr double kMostExact = 9007199254740992.0;  // 2^53

int most_exponent(ValueScale scale) {
  if (scale == ValueScale::bits) return 0;
  return scale == ValueScale::times_two ? kMostHalves : static_cast<int>(kTens.size()) - 1;
}

double scaled_up(const ValueColumn& column, double value) {
  if (column.scale == ValueScale::times_two) return std::ldexp(value, column.exponent);
  return value * kTens[static_cast<std::size_t>(column.exponent)];
}

// The integer that stands for the value; nothing: none does.
std::optional<std::int64_t> integer_of(const ValueColumn& column, double value) {
  if (column.scale == ValueScale::bits) return std::bit_cast<std::int64_t>(value);
  const double whole = std::nearbyint(scaled_up(column, value));
  if (!(std::abs(whole) < kMostExact)) return std::nullopt;
  const auto integer = static_cast<std::int64_t>(whole);
  const bool same =
      std::bit_cast<std::uint64_t>(column.value(integer)) == std::bit_cast<std::uint64_t>(value);
  return same ? std::optional(integer) : std::nullopt;
}

// Whether the scale fits all values, which are then in `integers`.
bool fits(const ValueColumn& column, std::span<const double> values, std::vector<std::int64_t>& integers) {
  integers.clear();
  for (const double value : values) {
    const std::optional<std::int64_t> integer = integer_of(column, value);
    if (!integer) return false;
    integers.push_back(*integer);
  }
  return true;
}

ValueColumn best_scale(std::span<const double> values, std::vector<std::int64_t>& integers) {
  for (const ValueScale scale : {ValueScale::times_ten, ValueScale::by_ten, ValueScale::times_two})
    for (int exponent = 0; exponent <= most_exponent(scale); ++exponent)
      if (const ValueColumn column{scale, exponent, {}}; fits(column, values, integers)) return column;
  fits({}, values, integers);
  return {};
}

}  // namespace

double ValueColumn::value(std::int64_t integer) const {
  const auto number = static_cast<double>(integer);
  switch (scale) {
    case ValueScale::bits:
      return std::bit_cast<double>(integer);
    case ValueScale::times_ten:
      return number * kTenths[static_cast<std::size_t>(exponent)];
    case ValueScale::by_ten:
      return number / kTens[static_cast<std::size_t>(exponent)];
    case ValueScale::times_two:
      return std::ldexp(number, -exponent);
  }
  return 0;
}

void pack_values(std::span<const double> values, std::string& bytes) {
  std::vector<std::int64_t> integers;
  integers.reserve(values.size());
  const ValueColumn column = best_scale(values, integers);
  bytes.push_back(static_cast<char>(column.scale));
  bytes.push_back(static_cast<char>(column.exponent));
  pack_integers(integers, bytes, 1);
}

std::optional<ValueColumn> take_values(std::string_view& bytes, std::size_t count) {
  const std::optional<std::uint8_t> scale = take_byte(bytes), exponent = take_byte(bytes);
  if (!scale || !exponent || *scale > static_cast<std::uint8_t>(ValueScale::times_two)) return std::nullopt;
  ValueColumn column{static_cast<ValueScale>(*scale), *exponent, {}};
  if (column.exponent > most_exponent(column.scale)) return std::nullopt;
  const std::optional<IntegerColumn> integers = take_integers(bytes, count);
  if (!integers || integers->width == 0) return std::nullopt;
  column.integers = *integers;
  return column;
}

}  // namespace pw
