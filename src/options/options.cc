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

CLI::Validator within(const NumberRange& range) {
  const auto check = [range](std::string& text) { return range_error(text, range); };
  return CLI::Validator(check, "");
}

std::string wrong_name(const std::string& text, const std::vector<std::string>& names) {
  if (std::ranges::find(names, text) != names.end()) return "";
  const std::string meant = did_you_mean(text, names);
  return fmt::format("'{}' is not one of {}{}", printable(text), join(names, ", "),
                     meant.empty() ? "" : "; " + meant);
}

}  // namespace

std::optional<int> parse_options(CLI::App& app, int argc, char** argv, const std::string& operands,
                                 std::span<const ForeignOption> foreign) {
  app.formatter(std::make_shared<Help>(operands));
  if (const auto mistake = find_mistake(read_words(app, argc, argv), foreign)) return report_error(*mistake);
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    std::string message = error.what();
    std::replace(message.begin(), message.end(), '\n', ' ');
    const std::string hint = app.get_name() + " --help shows what there is";
    return report_error({Failure::input, message, "", message.ends_with('?') ? "" : hint});
  }
}

void add_number(CLI::App& app, const std::string& name, double& value, const std::string& type,
                const NumberRange& range, const std::string& help) {
  app.add_option(name, value, help)->type_name(type)->check(within(range));
}

void add_whole_number(CLI::App& app, const std::string& name, int& value, const std::string& type, int most,
                      const std::string& help) {
  const auto take = [&value](const double& number) { value = static_cast<int>(number); };
  app.add_option_function<double>(name, take, help)
      ->type_name(type)
      ->check(within({1, static_cast<double>(most), true}));
}

CLI::Option* add_text(CLI::App& app, const std::string& name, std::string& value, const std::string& type,
                      const std::string& help) {
  return app.add_option(name, value, help)->type_name(type);
}

CLI::Option* add_list(CLI::App& app, const std::string& name, std::string& value, const std::string& type,
                      const std::string& help) {
  const auto put_together = [&value](const std::vector<std::string>& lists) { value = join(lists, ","); };
  return app.add_option_function<std::vector<std::string>>(name, put_together, help)
      ->type_name(type)
      ->expected(1)
      ->take_all()
      ->allow_extra_args(false);
}

CLI::Validator one_of(std::vector<std::string> values) {
  const auto check = [values = std::move(values)](std::string& text) { return wrong_name(text, values); };
  return CLI::Validator(check, "");
}

CLI::Validator list_of(std::vector<std::string> values) {
  const auto check = [values = std::move(values)](std::string& list) -> std::string {
    for (const std::string& text : split(list, ','))
      if (std::string wrong = wrong_name(text, values); !wrong.empty()) return wrong;
    return "";
  };
  return CLI::Validator(check, "");
}

CLI::Validator no_dash() {
  const auto check = [](std::string& text) -> std::string {
    return text == "-" ? "'-' is not stdout here: give a name (./- is one called so)" : "";
  };
  return CLI::Validator(check, "");
}

}  // namespace pw
