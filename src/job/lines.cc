// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/lines.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"

namespace pw {
namespace {

constexpr int kVersion = 1;
constexpr std::size_t kMostBytes = 1 << 20, kMostText = 4096;
constexpr std::string_view kWhole = "whole ";

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

tl::unexpected<Error> unusable(const std::string& what, const std::string& where) {
  return fail(Failure::input, what, where, "every part of a job must be the same perfwatt");
}

}  // namespace

LineWriter::LineWriter(std::string_view kind) : text_(fmt::format("{} {}\n", kind, kVersion)) {}

void LineWriter::begin(std::string_view key) {
  if (text_.back() != '\n') text_ += '\n';
  text_ += key;
}

LineWriter& LineWriter::word(std::string_view text) {
  text_.append(" ").append(text);
  return *this;
}

LineWriter& LineWriter::number(std::int64_t value) { return word(std::to_string(value)); }

LineWriter& LineWriter::hex(std::uint64_t value) { return word(fmt::format("{:x}", value)); }

bool fits_a_line(std::string_view text) {
  return text.size() <= kMostText && is_utf8(text) && std::ranges::none_of(text, is_control);
}

void LineWriter::rest(std::string_view text) {
  text_ += ' ';
  const bool known = is_utf8(text);
  for (const char c : text.substr(0, kMostText))
    if (!is_control(c) && (known || static_cast<unsigned char>(c) < 0x80)) text_ += c;
}

std::string LineWriter::text() const {
  const std::string body = text_ + (text_.back() == '\n' ? "" : "\n");
  return fmt::format("{}{}{:x}\n", body, kWhole, fnv1a(body));
}

std::string_view Line::word() {
  const std::size_t end = std::min(left_.find(' '), left_.size());
  const std::string_view found = left_.substr(0, end);
  left_.remove_prefix(std::min(end + 1, left_.size()));
  if (found.empty()) good_ = false;
  return found;
}

std::int64_t Line::number(std::int64_t least, std::int64_t most) {
  const auto value = parse_integer(word());
  if (good_ && value && *value >= least && *value <= most) return *value;
  good_ = false;
  return 0;
}

std::uint64_t Line::hex() {
  const auto value = parse_hex(word());
  if (good_ && value) return *value;
  good_ = false;
  return 0;
}

std::string Line::rest() {
  const std::string_view all = left_;
  left_ = {};
  if (all.size() <= kMostText && is_utf8(all)) return std::string(all);
  good_ = false;
  return {};
}

Result<std::vector<std::string_view>> checked_lines(std::string_view text, std::string_view kind,
                                                    const std::string& where) {
  if (text.size() > kMostBytes) return unusable("longer than it can be", where);
  if (!text.starts_with(fmt::format("{} {}\n", kind, kVersion)))
    return unusable(fmt::format("no {} of this version", kind), where);
  const std::size_t last = text.rfind(fmt::format("\n{}", kWhole)) + 1;
  if (last == 0 ||
      text != fmt::format("{}{}{:x}\n", text.substr(0, last), kWhole, fnv1a(text.substr(0, last))))
    return unusable("damaged, or cut short", where);
  std::vector<std::string_view> lines;
  for (std::size_t at = text.find('\n') + 1; at < last;) {
    const std::size_t end = text.find('\n', at);
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

}  // namespace pw
