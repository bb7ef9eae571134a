// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers that know their unit.
#pragma once

#include <compare>
#include <cstdint>

namespace pw {

template <class Tag, class Number>
struct Quantity {
  Number value{};
  constexpr auto operator<=>(const Quantity&) const = default;
  constexpr Quantity operator+(Quantity other) const { return {value + other.value}; }
  constexpr Quantity operator-(Quantity other) const { return {value - other.value}; }
  constexpr Quantity operator*(Number factor) const { return {value * factor}; }
  constexpr Quantity operator/(Number divisor) const { return {value / divisor}; }
  constexpr Quantity& operator+=(Quantity other) { return *this = *this + other; }
};

using Nanoseconds = Quantity<struct NanosecondsTag, std::int64_t>;  // a CLOCK_MONOTONIC time or a duration
using Seconds = Quantity<struct SecondsTag, double>;
using Watts = Quantity<struct WattsTag, double>;
using Joules = Quantity<struct JoulesTag, double>;

constexpr Seconds to_seconds(Nanoseconds t) { return {static_cast<double>(t.value) * 1e-9}; }
constexpr Nanoseconds to_nanoseconds(Seconds t) { return {static_cast<std::int64_t>(t.value * 1e9)}; }
constexpr Joules operator*(Watts power, Seconds time) { return {power.value * time.value}; }
constexpr Watts operator/(Joules energy, Seconds time) { return {energy.value / time.value}; }

}  // namespace pw
