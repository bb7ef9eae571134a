// SPDX-License-Identifier: GPL-3.0-or-later
// Command lines: usage errors and help alike in every command of both programs.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "options/mistakes.h"

namespace pw {

// Parses argv for `app`, which is named as it is typed ("perfwatt run"). The exit status to return at once: 0
// after --help, 2 after a usage error (one line on stderr, with what may have been meant); nothing where the
// command goes on. `operands` ends the help's usage line. An empty value is a usage error, and so is an
// option with one value that is given twice; those of add_list add up.
std::optional<int> parse_options(CLI::App& app, int argc, char** argv, const std::string& operands = "",
                                 std::span<const ForeignOption> foreign = {});

struct NumberRange {
  double least;
  double most;
  bool whole = false;
};

// An option that takes a number within `range`; `type` is what the help calls it.
void add_number(CLI::App& app, const std::string& name, double& value, const std::string& type,
                const NumberRange& range, const std::string& help);
// One that takes a whole number, from 1 on.
void add_whole_number(CLI::App& app, const std::string& name, int& value, const std::string& type, int most,
                      const std::string& help);

// An option that takes a text, and one that takes a list with commas: given twice it adds.
CLI::Option* add_text(CLI::App& app, const std::string& name, std::string& value, const std::string& type,
                      const std::string& help);
CLI::Option* add_list(CLI::App& app, const std::string& name, std::string& value, const std::string& type,
                      const std::string& help);

// Checks for option->check(): one of `values`, or what may have been meant; and such ones with commas.
CLI::Validator one_of(std::vector<std::string> values);
CLI::Validator list_of(std::vector<std::string> values);

// A check that refuses "-", where what is written cannot go to stdout.
CLI::Validator no_dash();

}  // namespace pw
