// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/variants/placeholders.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace pw {
namespace {

constexpr std::string_view kNameCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

// The NAME where `text` begins with "{NAME}"; else "".
std::string_view name_at(std::string_view text) {
  if (!text.starts_with('{')) return "";
  const std::size_t end = text.find_first_not_of(kNameCharacters, 1);
  return end != std::string_view::npos && text[end] == '}' ? text.substr(1, end - 1) : "";
}

tl::unexpected<Error> fail_name(std::string_view name, std::span<const Fact> values) {
  std::vector<std::string> names;
  for (const Fact& value : values) names.push_back(value.key);
  const std::string meant = did_you_mean(name, names);
  return fail(
      Failure::input, fmt::format("{{{}}} is no name of -L or --vary", name), "",
      meant.empty() ? fmt::format("there is {}; {{{{ and }}}} are braces", join(names, ", ")) : meant);
}

}  // namespace

Result<std::string> filled(std::string_view text, std::span<const Fact> values) {
  if (values.empty()) return std::string(text);
  std::string result;
  while (!text.empty()) {
    std::size_t length = 1;
    if (text.starts_with("{{") || text.starts_with("}}")) {
      result += text.front();
      length = 2;
    } else if (const std::string_view name = name_at(text); !name.empty()) {
      const auto value = std::ranges::find(values, name, &Fact::key);
      if (value == values.end()) return fail_name(name, values);
      result += value->value;
      length = name.size() + 2;
    } else {
      result += text.front();
    }
    text.remove_prefix(length);
  }
  return result;
}

Result<std::vector<std::string>> filled(const std::vector<std::string>& words, std::span<const Fact> values) {
  std::vector<std::string> all;
  for (const std::string& word : words) {
    Result<std::string> one = filled(word, values);
    if (!one) return pass_on(one);
    all.push_back(std::move(*one));
  }
  return all;
}

}  // namespace pw
