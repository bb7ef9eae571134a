// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers with a fraction in few bytes, exactly: docs/recording.md, "Blocks of samples".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model/integer_column.h"

namespace pw {

// Recordings hold these numbers.
enum class ValueScale : std::uint8_t {
  bits,       // the integer is the double's bits
  times_ten,  // integer * 10^-exponent, that power as the nearest double
  by_ten,     // integer / 10^exponent
  times_two   // integer * 2^-exponent
};

struct ValueColumn {
  ValueScale scale = ValueScale::bits;
  int exponent = 0;
  IntegerColumn integers;

  double value(std::int64_t integer) const;
};

// Appends what take_values reads: a byte of each value or more, so that few bytes are never many values.
// Every value comes back with the same bits.
void pack_values(std::span<const double> values, std::string& bytes);

// The column of so many values that `bytes` begin with, and goes past it; nothing: they are none.
std::optional<ValueColumn> take_values(std::string_view& bytes, std::size_t count);

}  // namespace pw
