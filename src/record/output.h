// SPDX-License-Identifier: GPL-3.0-or-later
// What the command prints: scanned whole for captures, its last part kept.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/experiment.h"

namespace re2 {
class RE2;
}

namespace pw {

// The compiled patterns of --capture.
class CapturePatterns {
 public:
  // Failure::input for a pattern that is no RE2 expression or has no group.
  static Result<CapturePatterns> compile(const std::vector<Capture>& captures);
  CapturePatterns(CapturePatterns&&) noexcept;
  CapturePatterns& operator=(CapturePatterns&&) noexcept;
  ~CapturePatterns();

  // Sets values[i] to the first group of pattern i where it matches in `line`.
  void match(std::string_view line, std::vector<std::optional<std::string>>& values) const;
  std::size_t size() const { return patterns_.size(); }

 private:
  CapturePatterns();
  std::vector<std::unique_ptr<re2::RE2>> patterns_;
};

class OutputScanner {
 public:
  // `patterns` must outlive the scanner. With `show` all is also written to stderr.
  OutputScanner(const CapturePatterns& patterns, bool show);

  // Reads all that waits on the non-blocking `fd`. False: the other end is closed.
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
