// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/classify/command_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <vector>

#include "base/text.h"

namespace pw::inference {
namespace {

// What may have been meant by the --option that the message names.
std::string what_was_meant(const CLI::App& app, const std::string& message) {
  const std::size_t at = message.find("--");
  if (at == std::string::npos) return "";
  const std::string typed = message.substr(at, message.find_first_of(" =,:", at) - at);
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  const bool known = std::find(names.begin(), names.end(), typed) != names.end();
  return known ? "" : did_you_mean(typed, names);
}

}  // namespace

int report_error(const Error& error) {
  fmt::print(stderr, "perfwatt: {}\n", one_line(error));
  return static_cast<int>(error.kind);
}

void note(const std::string& text) { fmt::print(stderr, "perfwatt: {}\n", printable(text)); }

void warn(const std::string& text) { fmt::print(stderr, "perfwatt: warning: {}\n", printable(text)); }

std::optional<int> parse_options(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help("perfwatt"));
    return 0;
  } catch (const CLI::ParseError& error) {
    std::string message = error.what();
    std::replace(message.begin(), message.end(), '\n', ' ');
    std::string hint = what_was_meant(app, message);
    if (hint.empty()) hint = fmt::format("perfwatt {} --help shows what there is", app.get_name());
    return report_error({Failure::input, message, "", hint});
  }
}

}  // namespace pw::inference
