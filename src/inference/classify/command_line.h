// SPDX-License-Identifier: GPL-3.0-or-later
// perfwatt-classify's errors, warnings and options, as perfwatt's own (cli/common.h) are.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>

#include "base/result.h"

namespace pw::inference {

// Prints "perfwatt: <one line>" to stderr; the exit status of its kind.
int report_error(const Error& error);

// Prints "perfwatt: <one line>" to stderr: what is done that the user may not expect.
void note(const std::string& text);

// Prints "perfwatt: warning: <one line>" to stderr.
void warn(const std::string& text);

// Parses argv. The exit status to return at once: 0 after --help, 2 after a usage error (one line on stderr,
// with what may have been meant); nothing where the command goes on.
std::optional<int> parse_options(CLI::App& app, int argc, char** argv);

}  // namespace pw::inference
