// SPDX-License-Identifier: GPL-3.0-or-later
#include "options/options.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>
#include <vector>

#include "base/text.h"
#include "options/report.h"

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
  const std::string name = message.substr(at, message.find_first_of(" =,:", at) - at);
  const std::vector<std::string> names = option_names(app);
  const bool known = std::find(names.begin(), names.end(), name) != names.end();
  return known ? "" : did_you_mean(name, names);
}

// The values that a check allows stand in the text beside the option, not in its column.
class Help : public CLI::Formatter {
 public:
  explicit Help(std::string operands) : operands_(std::move(operands)) { label("OPTIONS", "options"); }

  std::string make_usage(const CLI::App* app, std::string name) const override {
    return std::string(trim(Formatter::make_usage(app, std::move(name)))) + operands_ + "\n";
  }

  std::string make_option_opts(const CLI::Option* option) const override {
    const std::string type = option->get_type_name();
    return option->get_positional() || type.empty() ? "" : " " + type.substr(0, type.find(':'));
  }

 private:
  std::string operands_;
};

std::string range_error(const std::string& text, const NumberRange& range) {
  const std::optional<double> number = parse_number(text);
  if (number && *number >= range.least && *number <= range.most &&
      (!range.whole || *number == std::floor(*number)))
    return "";
  return fmt::format("'{}' is not a {} from {} to {}", printable(text),
                     range.whole ? "whole number" : "number", exact_number(range.least),
                     exact_number(range.most));
}

}  // namespace

std::optional<int> parse_options(CLI::App& app, int argc, char** argv, const std::string& operands) {
  app.formatter(std::make_shared<Help>(operands));
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

void add_number(CLI::App& app, const std::string& name, double& value, const std::string& type,
                const NumberRange& range, const std::string& help) {
  const auto check = [range](std::string& text) { return range_error(text, range); };
  app.add_option(name, value, help)->type_name(type)->check(CLI::Validator(check, ""));
}

}  // namespace pw
