// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/http/pin.h"

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/text.h"

namespace pw {
namespace {

constexpr std::size_t kBytes = 32;

std::optional<std::array<std::uint8_t, kBytes>> bytes_of(std::string_view hex) {
  std::array<std::uint8_t, kBytes> bytes{};
  for (std::size_t i = 0; i < kBytes; ++i) {
    if (i > 0 && hex.starts_with(':')) hex.remove_prefix(1);
    const auto byte = hex.size() < 2 ? std::nullopt : parse_hex(hex.substr(0, 2));
    if (!byte) return std::nullopt;
    bytes[i] = static_cast<std::uint8_t>(*byte);
    hex.remove_prefix(2);
  }
  return hex.empty() ? std::optional(bytes) : std::nullopt;
}

// RFC 4648.
std::string base64(const std::array<std::uint8_t, kBytes>& bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const std::uint8_t byte : bytes) {
    bits = bits << 8 | byte;
    for (count += 8; count >= 6; count -= 6) text += kDigits[bits >> (count - 6) & 63];
  }
  if (count > 0) text += kDigits[bits << (6 - count) & 63];
  return text + std::string((4 - text.size() % 4) % 4, '=');
}

}  // namespace

std::optional<std::string> public_key_pin(std::string_view hex) {
  const auto bytes = bytes_of(hex);
  if (!bytes) return std::nullopt;
  return "sha256//" + base64(*bytes);
}

}  // namespace pw
