// SPDX-License-Identifier: GPL-3.0-or-later
// The line protocol of exec: and csv: (docs/power-meters.md).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/power.h"

namespace pw {

// Bytes as they come, made lines of. What is longer than kLongest is dropped up to its end.
class MeterLines {
 public:
  static constexpr std::size_t kLongest = 4096;

  void add(std::string_view bytes);

  // The next whole line, without its end; nothing where there is none. Of a line that was too long: its
  // beginning and "...".
  std::optional<std::string> next();

 private:
  std::string bytes_;
  std::size_t at_ = 0;
  bool dropping_ = false;
};

struct MeterRow {
  std::optional<double> time;                 // UNIX seconds
  double time_step = 0;                       // of its last digit: 12.5 is 12.5 to 12.6
  std::vector<std::optional<double>> values;  // of each channel
};

// How numbers are written: 212.5, with a comma between columns; or 212,5, with a semicolon.
enum class DecimalMark { point, comma };

// Whether a first line of two numbers may be one that has a comma in it: the first is no UNIX time, and no
// header says what it is.
bool is_ambiguous(std::string_view line, DecimalMark mark);

class MeterFormat {
 public:
  // Out of a header or, where the first line is one already, of a row; nothing where it is neither. Of a
  // header of one column a comma in a row can be the decimal mark alone.
  static std::optional<MeterFormat> of(std::string_view line, DecimalMark mark = DecimalMark::point);

  const std::vector<Channel>& channels() const { return channels_; }

  // Nothing where the line is no row: other columns, no number, a value that cannot be.
  std::optional<MeterRow> row(std::string_view line) const;

  // Whether the line is the header again.
  bool is_header(std::string_view line) const;

  // The steps of the channels, from the last digits of a row.
  void take_steps(std::string_view row);

 private:
  struct Column {
    std::optional<std::size_t> channel;
  };
  void add_channel(const std::string& name, ChannelKind kind, std::string scope, std::size_t column);

  DecimalMark mark_ = DecimalMark::point;
  std::vector<Column> columns_;
  std::optional<std::size_t> time_column_;
  std::vector<Channel> channels_;
  std::string header_;
};

// Blank, or '#' and what follows.
bool is_meter_comment(std::string_view line);

}  // namespace pw
