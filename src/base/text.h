// SPDX-License-Identifier: GPL-3.0-or-later
// Text: splitting, numbers, names that were mistyped, text from strangers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pw {

std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string_view trim(std::string_view text);

// Whether `text` is well-formed UTF-8.
bool is_utf8(std::string_view text);

// `text` without control characters (C0, DEL, C1 in UTF-8) and without format characters that are not seen
// (bidi controls, spaces of no width, tags): each becomes one space, so that text from a recording or a
// command can neither move the cursor nor start an escape sequence, nor show another order of letters.
// Invalid UTF-8 becomes '?'.
std::string printable(std::string_view text);

// The whole of `text` as a number in the C locale; nothing where anything is left over.
std::optional<double> parse_number(std::string_view text);
std::optional<std::int64_t> parse_integer(std::string_view text);
// Hexadecimal digits without "0x".
std::optional<std::uint64_t> parse_hex(std::string_view text);

// Up to three of `names` within a third of the length in edits (insert, delete, replace, swap) and at most
// one edit farther than the best, best first.
std::vector<std::string> near_names(std::string_view mistyped, std::span<const std::string> names);

// "did you mean 'a' or 'b'?", or "" where nothing is near.
std::string did_you_mean(std::string_view mistyped, std::span<const std::string> names);

// 12345678 -> "12,345,678" (C locale).
std::string grouped(std::int64_t number);

// `value` with `digits` significant digits and an SI prefix from n to T: 1.234e9 -> "1.23 G".
std::string si(double value, int digits = 4);

// One RFC 4180 field: quoted where it holds a comma, a quote, CR or LF.
std::string csv_field(std::string_view text);

// A field of single-quoted POSIX shell text, for commands shown to be copied.
std::string shell_quoted(std::string_view text);

// The shortest decimal text that reads back as the same double ("" for NaN and infinities).
std::string exact_number(double value);

}  // namespace pw
