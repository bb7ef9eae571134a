// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/common.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "base/text.h"

namespace pw {
namespace {

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::string what_was_meant(const CLI::App& app, const std::string& message) {
  const std::size_t at = message.find("--");
  if (at == std::string::npos) return "";
  const std::string name = message.substr(at, message.find_first_of(" =,", at) - at);
  const std::vector<std::string> names = option_names(app);
  const bool known = std::find(names.begin(), names.end(), name) != names.end();
  return known ? "" : did_you_mean(name, names);
}

}  // namespace

int report_error(const Error& error) {
  fmt::print(stderr, "perfwatt: {}\n", one_line(error));
  return static_cast<int>(error.kind);
}

void warn(const std::string& text) { fmt::print(stderr, "perfwatt: warning: {}\n", printable(text)); }

std::optional<int> parse_options(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    std::string message = error.what();
    std::replace(message.begin(), message.end(), '\n', ' ');
    std::string hint = what_was_meant(app, message);
    if (hint.empty()) hint = fmt::format("{} --help shows what there is", app.get_name());
    return report_error({Failure::input, message, "", hint});
  }
}

CLI::Option* add_number(CLI::App& app, const std::string& name, double& value, double least, double most,
                        const std::string& help) {
  return app.add_option(name, value, help)->check(CLI::Range(least, most))->type_name("");
}

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
