// SPDX-License-Identifier: GPL-3.0-or-later
#include "options/mistakes.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.h"

namespace pw {
namespace {

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::string full_name(const CLI::App& app) {
  return (app.get_parent() ? app.get_parent()->get_name() + " " : "") + app.get_name();
}

Error mistake(std::string what, std::string where, std::string hint) {
  return {Failure::input, std::move(what), std::move(where), std::move(hint)};
}

std::string hint_for(const std::string& name, const CLI::App& app, std::span<const ForeignOption> foreign) {
  for (const ForeignOption& other : foreign) {
    const std::vector<std::string> names = split(other.names, ' ');
    if (std::ranges::find(names, name) != names.end()) return std::string(other.ours);
  }
  const std::string meant = name.starts_with("--") ? did_you_mean(name, option_names(app)) : "";
  return meant.empty() ? full_name(app) + " --help shows what there is" : meant;
}

std::string type_of(const TypedOption& typed) {
  const std::string type = typed.option->get_type_name();
  return type.substr(0, type.find(':'));
}

std::string form(const TypedOption& typed) {
  const std::string type = type_of(typed);
  return "write " + typed.name + (type.empty() ? "" : " " + type);
}

std::string one_of_two(const TypedOption& typed) {
  const std::string type = type_of(typed);
  return type == "LIST" || type.find(",..") != std::string::npos ? "put both into one list, with commas"
                                                                 : "leave one of them out";
}

bool once(const CLI::Option& option) {
  return option.get_items_expected_max() == 1 &&
         option.get_multi_option_policy() == CLI::MultiOptionPolicy::Throw;
}

std::optional<Error> wrong_value(const TypedOption& typed) {
  if (typed.value && typed.value->empty())
    return mistake("its value is empty", typed.name, form(typed) + ", or leave it out");
  if (!typed.value && typed.option->get_items_expected_max() > 0)
    return mistake("its value is missing", typed.name, form(typed));
  return std::nullopt;
}

bool asks_for_help(const TypedWords& words) {
  const CLI::Option* const help = words.app->get_help_ptr();
  return std::ranges::any_of(words.options, [&](const TypedOption& typed) { return typed.option == help; });
}

}  // namespace

std::optional<Error> find_mistake(const TypedWords& words, std::span<const ForeignOption> foreign) {
  std::vector<const CLI::Option*> given;
  if (asks_for_help(words)) return std::nullopt;
  for (const TypedOption& typed : words.options) {
    if (!typed.option)
      return mistake("there is no option " + typed.name, "", hint_for(typed.name, *words.app, foreign));
    if (auto wrong = wrong_value(typed)) return wrong;
    if (once(*typed.option) && std::ranges::find(given, typed.option) != given.end())
      return mistake("it is given twice", typed.name, one_of_two(typed));
    given.push_back(typed.option);
  }
  if (std::ranges::find(words.operands, "") != words.operands.end())
    return mistake("one of its words is empty", full_name(*words.app),
                   "a variable of the shell that is not set? leave the quotes out");
  return std::nullopt;
}

}  // namespace pw
