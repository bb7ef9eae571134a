// SPDX-License-Identifier: GPL-3.0-or-later
// A page of terminal text: titles, labelled paragraphs, a table of numbers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "analyze/statistics/statistics.h"

namespace pw {

struct TextStyle {
  bool colour = false;
  int width = 100;       // columns
  bool verbose = false;  // with the spread of every value, and each reason
  bool tests = false;    // with a table of the tests
};

enum class Ink { bold, dim, red, yellow, magenta };

// A line of the table.
struct Row {
  std::string label;
  Statistics value;
  std::string unit;  // "" for a plain count
  std::optional<double> per_item;
  std::optional<double> per_second;
  std::string remark;  // on the same line where it fits, else on one of its own
};

class Page {
 public:
  Page(const TextStyle& style, bool with_items);

  std::size_t width() const { return width_; }  // columns
  std::string painted(std::string_view text, Ink ink) const;

  void line(std::string_view text = "");
  void title(std::string_view text);

  // "  label    text", wrapped under itself; a long label gets lines of its own.
  void paragraph(std::string_view label, std::string_view text);

  // A title with the names of the table's columns: mean, 95 %, per item (where there are items), per second.
  void table(std::string_view name, bool per_second);
  void row(const Row& row);

  const std::string& text() const { return text_; }

 private:
  TextStyle style_;
  bool with_items_;
  std::size_t width_;
  std::string text_;
};

}  // namespace pw
