// SPDX-License-Identifier: GPL-3.0-or-later
// What the command prints: taken at once, so that it never waits for us, and looked at later: whole for
// captures; its last part is kept.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/relay.h"
#include "record/output/captures.h"

namespace pw {

class OutputScanner {
 public:
  // `patterns` must outlive the scanner. With `show` all is also passed on to stderr.
  OutputScanner(const CapturePatterns& patterns, bool show);
  OutputScanner(CapturePatterns&& patterns, bool show) = delete;  // it keeps none of its own

  // Reads what waits on the non-blocking `fd`, or the first 2 MiB of it. False: the other end is closed.
  bool read_from(int fd);
  void finish();

  std::string kept() const;  // at most kKeptBytes, from the start of a line
  std::int64_t bytes() const { return bytes_; }
  // By pattern: the group of the last line that matched. After finish().
  const std::vector<std::optional<std::string>>& captures() const { return captures_; }
  std::int64_t not_shown() const { return relay_ ? relay_->lost() : 0; }  // bytes that nobody read

  static constexpr std::size_t kKeptBytes = 64 * 1024;

 private:
  std::string_view not_looked_at() const { return {text_.get() + looked_, size_ - looked_}; }
  void make_room();
  void look(bool at_end);

  const CapturePatterns& patterns_;
  std::optional<Relay> relay_;
  const std::size_t capacity_;
  const std::unique_ptr<char[]> text_;  // the last of what was printed
  std::size_t size_ = 0;
  std::size_t looked_ = 0;  // how much of text_ was looked at
  std::int64_t bytes_ = 0;
  std::vector<std::optional<std::string>> captures_;
};

}  // namespace pw
