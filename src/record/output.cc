// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/output.h"

#include <re2/re2.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace pw {
namespace {

// A longer line is matched in parts of this size.
constexpr std::size_t kLongestLine = 1 << 20;

}  // namespace

CapturePatterns::CapturePatterns() = default;
CapturePatterns::CapturePatterns(CapturePatterns&&) noexcept = default;
CapturePatterns& CapturePatterns::operator=(CapturePatterns&&) noexcept = default;
CapturePatterns::~CapturePatterns() = default;

Result<CapturePatterns> CapturePatterns::compile(const std::vector<Capture>& captures) {
  CapturePatterns compiled;
  for (const Capture& capture : captures) {
    auto pattern = std::make_unique<re2::RE2>(capture.pattern, re2::RE2::Quiet);
    const std::string where = "--capture " + capture.name;
    if (!pattern->ok())
      return fail(Failure::input, "not a regular expression: " + pattern->error(), where,
                  "quote it for the shell: --capture 'acc=ACC: ([0-9.]+)'");
    if (pattern->NumberOfCapturingGroups() < 1)
      return fail(Failure::input, "the expression has no group to take", where,
                  "put what you want in parentheses: 'acc=ACC: ([0-9.]+)'");
    compiled.patterns_.push_back(std::move(pattern));
  }
  return compiled;
}

void CapturePatterns::match(std::string_view line, std::vector<std::optional<std::string>>& values) const {
  for (std::size_t i = 0; i < patterns_.size(); ++i) {
    std::string group;
    if (re2::RE2::PartialMatch(re2::StringPiece(line.data(), line.size()), *patterns_[i], &group))
      values[i] = group;
  }
}

OutputScanner::OutputScanner(const CapturePatterns& patterns, bool show)
    : patterns_(patterns), show_(show), captures_(patterns.size()) {}

bool OutputScanner::read_from(int fd) {
  std::array<char, 65536> buffer;
  while (true) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return errno == EAGAIN;
    if (got == 0) return false;
    add({buffer.data(), static_cast<std::size_t>(got)});
  }
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
  if (kept_.size() <= kKeptBytes) return;
  kept_.erase(0, kept_.size() - kKeptBytes);
  const std::size_t line_end = kept_.find('\n');
  if (line_end != std::string::npos) kept_.erase(0, line_end + 1);
}

}  // namespace pw
