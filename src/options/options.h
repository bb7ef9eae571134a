// SPDX-License-Identifier: GPL-3.0-or-later
// Command lines: usage errors and help alike in every command of both programs.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

namespace pw {

// Parses argv for `app`, which is named as it is typed ("perfwatt run"). The exit status to return at once: 0
// after --help, 2 after a usage error (one line on stderr, with what may have been meant); nothing where the
// command goes on. `operands` ends the help's usage line.
std::optional<int> parse_options(CLI::App& app, int argc, char** argv, const std::string& operands = "");

struct NumberRange {
  double least;
  double most;
  bool whole = false;
};

// An option that takes a number within `range`; `type` is what the help calls it.
void add_number(CLI::App& app, const std::string& name, double& value, const std::string& type,
                const NumberRange& range, const std::string& help);

}  // namespace pw
