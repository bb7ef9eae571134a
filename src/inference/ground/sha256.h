// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace pw::inference {

// The SHA-256 of the bytes as 64 lower-case hexadecimal digits; "" where libcrypto refuses (never in
// practice).
std::string sha256_hex(std::span<const std::uint8_t> bytes);
std::string sha256_hex(std::string_view bytes);

}  // namespace pw::inference
