// SPDX-License-Identifier: GPL-3.0-or-later
// Columns of numbers as base64 (RFC 4648) of their bytes, little-endian: as typed arrays read them.
#pragma once

#include <span>
#include <string>

namespace pw {

std::string base64(std::span<const std::byte> bytes);

template <class Number>
std::string base64_of(std::span<const Number> numbers) {
  return base64(std::as_bytes(numbers));
}

}  // namespace pw
