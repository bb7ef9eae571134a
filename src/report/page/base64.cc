// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/page/base64.h"

#include <bit>
#include <cstddef>
#include <cstdint>

namespace pw {

static_assert(std::endian::native == std::endian::little);

std::string base64(std::span<const std::byte> bytes) {
  static constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = bytes.size() - i;
    const auto at = [&](std::size_t k) {
      return k < have ? std::to_integer<std::uint32_t>(bytes[i + k]) : 0U;
    };
    const std::uint32_t three = at(0) << 16 | at(1) << 8 | at(2);
    text += kDigits[three >> 18];
    text += kDigits[three >> 12 & 63];
    text += have > 1 ? kDigits[three >> 6 & 63] : '=';
    text += have > 2 ? kDigits[three & 63] : '=';
  }
  return text;
}

}  // namespace pw
