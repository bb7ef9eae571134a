// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pw {

// HttpService::pin of a SHA-256 in 64 hexadecimal digits, with or without colons between the bytes; nothing
// where `hex` is none.
std::optional<std::string> public_key_pin(std::string_view hex);

}  // namespace pw
