// SPDX-License-Identifier: GPL-3.0-or-later
// What a terminal may be sent, and the line on it that tells how far a command is.
#pragma once

#include <string>

namespace pw {

bool on_terminal(int fd);

// Whether escape sequences may go there: a terminal that knows them (TERM is set, and not to "dumb"), and
// NO_COLOR is not set.
bool takes_escapes(int fd);

int terminal_width(int fd);   // columns; 100 where it is no terminal
int terminal_height(int fd);  // lines; 0 where that is not known

// One line on stderr that is written over: nothing where that is no terminal or TERM is "dumb"; without
// escape sequences where there is NO_COLOR.
class StatusLine {
 public:
  StatusLine();
  ~StatusLine() { clear(); }
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;

  void show(const std::string& text);  // without control characters
  void clear();
  bool shows() const { return how_ != How::nothing; }

 private:
  enum class How { nothing, plain, escapes };
  How how_;
  std::size_t columns_ = 0;  // that are written on
};

}  // namespace pw
