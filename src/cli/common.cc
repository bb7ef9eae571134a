// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/common.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace pw {

bool on_terminal(int fd) { return ::isatty(fd) == 1; }

bool wants_colour(int fd) {
  const char* no_color = std::getenv("NO_COLOR");
  return on_terminal(fd) && (!no_color || !*no_color);
}

int terminal_width(int fd) {
  winsize size{};
  return ::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 100;
}

}  // namespace pw
