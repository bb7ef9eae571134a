// SPDX-License-Identifier: GPL-3.0-or-later
// What the command prints: scanned whole for captures, its last part kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/output/captures.h"

namespace pw {

class OutputScanner {
 public:
  // `patterns` must outlive the scanner. With `show` all is also written to stderr.
  OutputScanner(const CapturePatterns& patterns, bool show);
  OutputScanner(CapturePatterns&& patterns, bool show) = delete;  // it keeps none of its own

  // Reads what waits on the non-blocking `fd`, or the first 2 MiB of it. False: the other end is closed.
  bool read_from(int fd);
  void finish();

  const std::string& kept() const { return kept_; }  // at most kKeptBytes, from the start of a line
  std::int64_t bytes() const { return bytes_; }
  // By pattern: the group of the last line that matched.
  const std::vector<std::optional<std::string>>& captures() const { return captures_; }

  static constexpr std::size_t kKeptBytes = 64 * 1024;

 private:
  void add(std::string_view text);

  const CapturePatterns& patterns_;
  bool show_;
  std::string line_;
  std::string kept_;
  std::int64_t bytes_ = 0;
  std::vector<std::optional<std::string>> captures_;
};

}  // namespace pw
