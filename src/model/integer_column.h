// SPDX-License-Identifier: GPL-3.0-or-later
// Whole numbers in few bytes, each of which can be had alone: docs/recording.md, "Blocks of samples".
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pw {

// Number i is base + i * step + unit * rest(i), modulo 2^64. The rests stand in `width` planes of a byte of
// each, the lowest first.
struct IntegerColumn {
  std::int64_t base = 0;
  std::int64_t step = 0;
  std::uint64_t unit = 1;
  int width = 0;
  std::string_view planes = {};

  // Numbers [first, first + out.size()), which must be there.
  void unpack(std::size_t first, std::span<std::int64_t> out) const;
  bool all_are(std::int64_t value) const { return width == 0 && step == 0 && base == value; }
};

// Appends what take_integers reads, of so many planes or more.
void pack_integers(std::span<const std::int64_t> values, std::string& bytes, int least_width = 0);

// The column of so many numbers that `bytes` begin with, and goes past it; nothing: they are none.
std::optional<IntegerColumn> take_integers(std::string_view& bytes, std::size_t count);

// Eight bytes, the lowest first.
void pack_word(std::uint64_t word, std::string& bytes);
std::optional<std::uint64_t> take_word(std::string_view& bytes);
std::optional<std::uint8_t> take_byte(std::string_view& bytes);

}  // namespace pw
