// SPDX-License-Identifier: GPL-3.0-or-later
// Text on its way to a file, a piece at a time: an export may be larger than memory.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace pw {

class Output {
 public:
  using Put = std::function<Result<>(std::string_view)>;
  explicit Output(Put put) : put_(std::move(put)) {}

  // What is to be appended to, until it is asked for again.
  std::string& text() {
    if (text_.size() >= kPiece) flush();
    return text_;
  }

  // Puts what is left. Gives the first failure, after which nothing was put.
  Result<> end() {
    flush();
    return result_;
  }

 private:
  static constexpr std::size_t kPiece = 64 << 10;

  void flush() {
    if (result_) result_ = put_(text_);
    text_.clear();
  }

  Put put_;
  std::string text_;
  Result<> result_;
};

}  // namespace pw
