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
  template <class... Fields>
  void row(const Fields&... fields) {
    (field(fields), ...);
    end_row();
  }
  void field(std::string_view text) {
    if (!first_) content_ += ',';
    first_ = false;
    content_ += csv_field(printable(text));
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
  void end_row() {
    content_ += '\n';
    first_ = true;
  }
  Document document(std::string name) { return {std::move(name), std::move(content_), true}; }

 private:
  std::string content_;
  bool first_ = true;
};

}  // namespace pw
