// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/output/scanner.h"

#include <unistd.h>

#include <array>
#include <cerrno>

namespace pw {
namespace {

// A longer line is matched in parts of this size.
constexpr std::size_t kLongestLine = 1 << 20;
// Who writes faster than we read must not keep us from all else. More than a pipe holds.
constexpr std::size_t kMostAtOnce = 2 << 20;

}  // namespace

OutputScanner::OutputScanner(const CapturePatterns& patterns, bool show)
    : patterns_(patterns), show_(show), captures_(patterns.size()) {}

bool OutputScanner::read_from(int fd) {
  std::array<char, 65536> buffer;
  for (std::size_t taken = 0; taken < kMostAtOnce;) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EAGAIN;
    if (got == 0) return false;
    add({buffer.data(), static_cast<std::size_t>(got)});
    taken += static_cast<std::size_t>(got);
  }
  return true;
}

void OutputScanner::add(std::string_view text) {
  bytes_ += static_cast<std::int64_t>(text.size());
  if (show_) (void)!::write(STDERR_FILENO, text.data(), text.size());
  kept_ += text;
  if (kept_.size() > 2 * kKeptBytes) kept_.erase(0, kept_.size() - kKeptBytes);
  if (patterns_.size() == 0) return;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    line_ += text.substr(0, end);
    if (end == std::string_view::npos && line_.size() < kLongestLine) return;
    patterns_.match(line_, captures_);
    line_.clear();
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

void OutputScanner::finish() {
  if (!line_.empty()) patterns_.match(line_, captures_);
  line_.clear();
  if (bytes_ <= static_cast<std::int64_t>(kKeptBytes)) return;
  if (kept_.size() > kKeptBytes) kept_.erase(0, kept_.size() - kKeptBytes);
  const std::size_t line_end = kept_.find('\n');
  if (line_end != std::string::npos) kept_.erase(0, line_end + 1);
}

}  // namespace pw
