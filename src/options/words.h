// SPDX-License-Identifier: GPL-3.0-or-later
// The words of a command line as they were typed, before anything is taken from them.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

namespace pw {

struct TypedOption {
  std::string name;                     // "--user", "-e"
  const CLI::Option* option = nullptr;  // nothing: the command has no such option
  std::optional<std::string> value;     // nothing: it takes none, or none was left
};

struct TypedWords {
  std::vector<TypedOption> options;
  std::vector<std::string> operands;
  int own = 0;            // how many words of argv are the command's own: up to the first operand or "--"
  int first_operand = 0;  // its index in argv, or argc; behind "--" the next one
  const CLI::App* app = nullptr;  // what the options were looked up in last: a subcommand, where one is named
};

// Reads argv[1] and what follows, as `app` will. `to_first_operand`: what follows that is not ours to read.
TypedWords read_words(const CLI::App& app, int argc, char** argv, bool to_first_operand = false);

}  // namespace pw
