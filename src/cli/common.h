// SPDX-License-Identifier: GPL-3.0-or-later
// What the commands share: errors to exit statuses, options, the terminal.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/recording.h"

namespace pw {

inline constexpr int kCtrlC = 130;  // the exit status of what Ctrl-C ended

// Prints "perfwatt: <one line>" to stderr; the exit status of its kind.
int report_error(const Error& error);

// Prints "perfwatt: warning: <one line>" to stderr.
void warn(const std::string& text);

// Parses argv. The exit status to return at once: 0 after --help, 2 after a usage error (one line on stderr,
// with what may have been meant); nothing where the command goes on. `operands` ends the help's usage line.
std::optional<int> parse_options(CLI::App& app, int argc, char** argv, const std::string& operands = "");

struct NumberRange {
  double least;
  double most;
  bool whole = false;
};

// An option that takes a number within `range`; `type` is what the help calls it.
void add_number(CLI::App& app, const std::string& name, double& value, const std::string& type,
                const NumberRange& range, const std::string& help);

bool on_terminal(int fd);
bool wants_colour(int fd);   // a terminal, and NO_COLOR is not set
int terminal_width(int fd);  // columns; 100 where it is no terminal

}  // namespace pw
