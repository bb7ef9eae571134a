// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "base/units.h"
#include "export/export.h"

namespace pw {

// RFC 4180 with LF. Control characters become spaces, so that a row is a line and a terminal is safe.
class Csv {
 public:
  explicit Csv(Output& out) : out_(out) {}

  template <class... Fields>
  void row(const Fields&... fields) {
    (field(fields), ...);
    end_row();
  }
  void field(std::string_view text) {
    std::string& out = out_.text();
    if (!first_) out += ',';
    first_ = false;
    out += csv_field(printable(text));
  }
  void field(double number) { field(exact_number(number)); }
  void field(std::integral auto number) { field(std::to_string(number)); }
  template <class T>
  void field(const std::optional<T>& value) {
    if (value)
      field(*value);
    else
      field("");
  }
  template <class Tag>
  void field(Quantity<Tag, double> quantity) {
    field(quantity.value);
  }
  // Every row from now on, but those that are written as text, has this as its last field.
  void rows_end_with(std::string last) { last_ = std::move(last); }
  void end_row() {
    if (last_) field(std::string_view(*last_));
    out_.text() += '\n';
    first_ = true;
  }
  std::string& text() { return out_.text(); }  // for whole rows

 private:
  Output& out_;
  bool first_ = true;
  std::optional<std::string> last_;
};

// A file of that heading and the rows that `rows` (void(Csv&)) writes.
template <class Rows>
Document csv_document(std::string name, std::string heading, Rows rows, bool wanted = true) {
  heading += '\n';
  const auto write = [heading, rows = std::move(rows)](Output& out) {
    out.text() += heading;
    Csv csv(out);
    rows(csv);
  };
  return {std::move(name), heading, write, wanted};
}

}  // namespace pw
