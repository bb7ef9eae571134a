// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the rows of one table of a recording that may come from a stranger: every value is checked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/units.h"
#include "store/sqlite/sqlite.h"

namespace pw {

// A recording while it is read.
struct RowSource {
  Database& database;
  std::string path;
  std::uint64_t bytes;      // size of the file and its journal
  std::uint64_t text_left;  // bytes of text that can still come: a file holds no more text than its size
  Nanoseconds start{};      // of the recording, once it is known: times in the file count from it
};

// Times and counts lie within 0 and this (36 years of nanoseconds), so that sums and differences of a few of
// them cannot overflow.
inline constexpr std::int64_t kLargest = std::int64_t{1} << 60;

// The getters take the columns in the order of the table. After the first value that is not as it must be
// they give zeros, next() gives false, and result() has the Error (input).
class Rows {
 public:
  Rows(RowSource& source, std::string_view table);

  // Rows there are, to reserve room for, of at least so many bytes each in the file.
  std::size_t about_how_many(std::size_t least_bytes = 8) const;

  bool next();

  std::int64_t integer(std::int64_t least = 0, std::int64_t most = kLargest);
  int index(std::size_t size);           // 0 <= it < size
  int number_from_1(std::size_t count);  // 1 <= it <= count
  void must_be(std::size_t value);       // an id that counts the rows
  bool flag();
  double real(double least, double most);
  std::string text();
  Nanoseconds duration() { return {integer()}; }
  // A time of the file as one of CLOCK_MONOTONIC, from 0 to kLargest.
  Nanoseconds time() {
    return source_.start + Nanoseconds{integer(-source_.start.value, kLargest - source_.start.value)};
  }
  Seconds seconds() { return {real(0, kMostSeconds)}; }
  std::optional<std::int64_t> optional_integer(std::int64_t least, std::int64_t most);
  std::optional<double> optional_real(double least, double most);
  std::optional<Seconds> optional_seconds();
  std::optional<Nanoseconds> optional_time() { return skip_null() ? std::nullopt : std::optional(time()); }
  bool skip_null();  // goes past the next column where it is NULL
  std::int64_t any_integer();

  // A text that `parse` (std::optional<T>(std::string_view)) knows.
  template <class T>
  T one_of(std::optional<T> (*parse)(std::string_view)) {
    const std::string_view word = raw_text();
    const std::optional<T> value = parse(word);
    if (!value) problem("no known value");
    return value.value_or(T{});
  }

  // Finds the row malformed.
  void problem(std::string_view what);

  const Result<>& result() const { return result_; }
  // Of a table that must have one row.
  Result<> result_of_one() const;

  static constexpr double kMostSeconds = 1e9;
  static constexpr double kMostUnits = 1e30;

 private:
  std::optional<Cell> next_cell(CellType type);
  std::string_view raw_text();

  RowSource& source_;
  std::string_view table_;
  std::optional<Statement> statement_;
  int column_ = 0;  // the one that was got last; 0 is the rowid
  std::int64_t row_ = -1;
  std::size_t rows_ = 0;  // that next() has found
  Result<> result_;
};

}  // namespace pw
