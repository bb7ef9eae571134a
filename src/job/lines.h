// SPDX-License-Identifier: GPL-3.0-or-later
// The form of the small files through which the parts of a job talk: lines of words, of a known version, with
// a sum over all of it at the end.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pw {

// "KIND VERSION", lines of words, "whole SUM".
class LineWriter {
 public:
  explicit LineWriter(std::string_view kind);

  void begin(std::string_view key);
  LineWriter& word(std::string_view text);  // without spaces
  LineWriter& number(std::int64_t value);
  LineWriter& hex(std::uint64_t value);
  // To the end of the line: one that is no UTF-8, or has control characters, loses those.
  void rest(std::string_view text);

  std::string text() const;

 private:
  std::string text_;
};

// The words of one line, taken from left to right. What is not as it must be leaves it not good(), and gives
// zeros from then on.
class Line {
 public:
  explicit Line(std::string_view text) : left_(text) {}

  std::string_view word();
  std::int64_t number(std::int64_t least, std::int64_t most);
  std::uint64_t hex();
  std::string rest();  // maybe empty
  void refuse() { good_ = false; }
  bool good() const { return good_; }
  bool ended() const { return left_.empty(); }

 private:
  std::string_view left_;
  bool good_ = true;
};

// Whether rest() keeps all of it.
bool fits_a_line(std::string_view text);

// The lines between the first and the last one. Errors (input, `where`): another kind or version, cut short,
// damaged, longer than a megabyte.
Result<std::vector<std::string_view>> checked_lines(std::string_view text, std::string_view kind,
                                                    const std::string& where);

}  // namespace pw
