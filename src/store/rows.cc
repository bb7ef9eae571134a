// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace pw {

Rows::Rows(RowSource& source, std::string_view table) : source_(source), table_(table) {
  Result<Statement> statement = source.database.prepare(fmt::format("SELECT rowid, * FROM {}", table));
  if (statement)
    statement_.emplace(std::move(*statement));
  else
    result_ = pass_on(statement);
}

// The largest row number, which deleted rows may leave larger than the number of rows; not more than the
// file has room for.
std::size_t Rows::about_how_many(std::size_t least_bytes) const {
  static constexpr std::uint64_t kMostBytes = 64 << 20;  // more rows come as they are read
  Result<Statement> most = source_.database.prepare(fmt::format("SELECT max(rowid) FROM {}", table_));
  if (!most || !most->step().value_or(false)) return 0;
  const std::int64_t rows = std::max<std::int64_t>(most->cell(0).integer(), 0);
  return static_cast<std::size_t>(
      std::min({static_cast<std::uint64_t>(rows), source_.bytes / least_bytes, kMostBytes / least_bytes}));
}

void Rows::problem(std::string_view what) {
  if (!result_) return;
  const std::string column = column_ > 0 ? statement_->column_name(column_) : "rowid";
  result_ = fail(Failure::input, fmt::format("damaged: row {} of {}: {}: {}", row_, table_, column, what),
                 source_.path);
}

// Row numbers rise in a sound table; where pages refer to each other in circles they do not.
bool Rows::next() {
  if (!result_) return false;
  const Result<bool> stepped = statement_->step();
  if (!stepped) {
    result_ = pass_on(stepped);
    result_.error().where = source_.path;
    return false;
  }
  if (!*stepped) return false;
  ++rows_;
  column_ = 0;
  const std::int64_t row = statement_->cell(0).integer();
  if (row <= row_) problem("out of order");
  row_ = row;
  return result_.has_value();
}

Result<> Rows::result_of_one() const {
  if (!result_ || rows_ == 1) return result_;
  return fail(Failure::input, fmt::format("damaged: {} must have one row", table_), source_.path);
}

std::optional<Cell> Rows::next_cell(CellType type) {
  ++column_;
  if (!result_) return std::nullopt;
  const Cell cell = statement_->cell(column_);
  const CellType found = cell.type();
  if (found == type || (type == CellType::text && found == CellType::blob)) return cell;
  problem("of the wrong type");
  return std::nullopt;
}

std::optional<Seconds> Rows::optional_seconds() {
  const std::optional<double> value = optional_real(0, kMostSeconds);
  return value ? std::optional(Seconds{*value}) : std::nullopt;
}

bool Rows::skip_null() {
  if (result_ && statement_->cell(column_ + 1).type() != CellType::null) return false;
  ++column_;
  return true;
}

std::int64_t Rows::integer(std::int64_t least, std::int64_t most) {
  const std::optional<Cell> cell = next_cell(CellType::integer);
  if (!cell) return 0;
  const std::int64_t value = cell->integer();
  if (value >= least && value <= most) return value;
  problem("out of range");
  return 0;
}

std::int64_t Rows::any_integer() {
  return integer(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
}

int Rows::index(std::size_t size) {
  return static_cast<int>(integer(0, static_cast<std::int64_t>(size) - 1));
}

int Rows::number_from_1(std::size_t count) {
  return static_cast<int>(integer(1, static_cast<std::int64_t>(count)));
}

void Rows::must_be(std::size_t value) {
  integer(static_cast<std::int64_t>(value), static_cast<std::int64_t>(value));
}

bool Rows::flag() { return integer(0, 1) == 1; }

double Rows::real(double least, double most) {
  const std::optional<Cell> cell = next_cell(CellType::real);
  if (!cell) return 0;
  const double value = cell->real();
  if (value >= least && value <= most) return value;
  problem("out of range");
  return 0;
}

std::string_view Rows::raw_text() {
  const std::optional<Cell> cell = next_cell(CellType::text);
  if (!cell) return {};
  const std::string_view value = cell->text();
  if (value.size() <= source_.text_left) {
    source_.text_left -= value.size();
    return value;
  }
  problem("more text than the file can hold");
  return {};
}

std::string Rows::text() { return std::string(raw_text()); }

std::optional<std::int64_t> Rows::optional_integer(std::int64_t least, std::int64_t most) {
  if (skip_null()) return std::nullopt;
  return integer(least, most);
}

std::optional<double> Rows::optional_real(double least, double most) {
  if (skip_null()) return std::nullopt;
  return real(least, most);
}

}  // namespace pw
