// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pw::inference {

// The SHA-256 of the bytes as 64 lower-case hexadecimal digits; "" where libcrypto refuses (never in
// practice).
std::string sha256_hex(std::span<const std::uint8_t> bytes);
std::string sha256_hex(std::string_view bytes);

// That of the regular file, which is read once in pieces. Failure::input where it cannot be.
Result<std::string> sha256_of_file(const std::filesystem::path& path);

}  // namespace pw::inference
