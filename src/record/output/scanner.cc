// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/output/scanner.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace pw {
namespace {

// A longer line is matched in parts of this size.
constexpr std::size_t kLongestLine = 1 << 20;
// Who writes faster than we read must not keep us from all else. More than a pipe holds.
constexpr std::size_t kMostAtOnce = 2 << 20;
constexpr std::size_t kRead = 64 << 10;
// What is looked at after the command's end, if it prints no more; pages that are not needed are not touched.
constexpr std::size_t kMostForLater = 16 << 20;
constexpr std::size_t kMostToKeep = 4 * OutputScanner::kKeptBytes;
constexpr Nanoseconds kPatience{1'000'000'000};  // with who reads what is shown

}  // namespace

OutputScanner::OutputScanner(const CapturePatterns& patterns, bool show)
    : patterns_(patterns),
      capacity_(patterns.size() > 0 ? kMostForLater : kMostToKeep),
      text_(std::make_unique_for_overwrite<char[]>(capacity_)),
      captures_(patterns.size()) {
  if (show) relay_.emplace(STDERR_FILENO);
}

bool OutputScanner::read_from(int fd) {
  for (std::size_t taken = 0; taken < kMostAtOnce;) {
    if (capacity_ - size_ < kRead) make_room();
    const ssize_t got = ::read(fd, text_.get() + size_, kRead);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EAGAIN;
    if (got == 0) return false;
    if (relay_) relay_->pass({text_.get() + size_, static_cast<std::size_t>(got)});
    size_ += static_cast<std::size_t>(got);
    bytes_ += got;
    taken += static_cast<std::size_t>(got);
  }
  return true;
}

void OutputScanner::make_room() {
  look(false);
  const std::size_t first = std::min(looked_, size_ - std::min(size_, kKeptBytes));
  std::memmove(text_.get(), text_.get() + first, size_ - first);
  size_ -= first;
  looked_ -= first;
}

void OutputScanner::look(bool at_end) {
  if (patterns_.size() == 0) looked_ = size_;
  for (std::string_view text = not_looked_at(); !text.empty(); text = not_looked_at()) {
    const std::size_t end = text.substr(0, kLongestLine).find('\n');
    if (end == std::string_view::npos && text.size() < kLongestLine && !at_end) return;
    patterns_.match(text.substr(0, std::min(end, kLongestLine)), captures_);
    looked_ += end == std::string_view::npos ? std::min(text.size(), kLongestLine) : end + 1;
  }
}

void OutputScanner::finish() {
  look(true);
  if (relay_) relay_->finish(kPatience);
}

std::string OutputScanner::kept() const {
  const std::string_view all = {text_.get(), size_};
  if (bytes_ <= static_cast<std::int64_t>(kKeptBytes)) return std::string(all);
  std::string_view last = all.substr(size_ - kKeptBytes);
  const std::size_t line_end = last.find('\n');
  if (line_end != std::string_view::npos) last.remove_prefix(line_end + 1);
  return std::string(last);
}

}  // namespace pw
