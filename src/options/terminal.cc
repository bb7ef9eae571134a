// SPDX-License-Identifier: GPL-3.0-or-later
#include "options/terminal.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "base/text_width.h"

namespace pw {
namespace {

constexpr int kUsualWidth = 100;

std::string_view variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

bool dumb() { return variable("TERM").empty() || variable("TERM") == "dumb"; }

}  // namespace

bool on_terminal(int fd) { return ::isatty(fd) == 1; }

bool takes_escapes(int fd) { return on_terminal(fd) && !dumb() && variable("NO_COLOR").empty(); }

int terminal_width(int fd) {
  winsize size{};
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kUsualWidth;
}

int terminal_height(int fd) {
  winsize size{};
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

StatusLine::StatusLine()
    : how_(takes_escapes(STDERR_FILENO)            ? How::escapes
           : on_terminal(STDERR_FILENO) && !dumb() ? How::plain
                                                   : How::nothing) {}

void StatusLine::show(const std::string& text) {
  if (how_ == How::nothing) return;
  clear();
  // The last column stays free: a line that fills it cannot be written over everywhere.
  const auto room = static_cast<std::size_t>(std::max(1, terminal_width(STDERR_FILENO) - 1));
  const std::string line = text.substr(0, bytes_of(text, room));
  fmt::print(stderr, "{}", line);
  std::fflush(stderr);
  columns_ = columns(line);
}

void StatusLine::clear() {
  if (columns_ == 0) return;
  if (how_ == How::escapes)
    fmt::print(stderr, "\r\x1b[K");
  else
    fmt::print(stderr, "\r{:{}}\r", "", columns_);
  columns_ = 0;
}

}  // namespace pw
