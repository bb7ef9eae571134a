// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/variants/value_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "model/experiment.h"
#include "os/file.h"
#include "record/variants/value_range.h"

namespace pw {
namespace {

constexpr const char* kForm = "NAME=V1,V2,.. with a NAME of letters, digits and _";

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && letter(text.front()) &&
         std::ranges::all_of(text, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

// At commas, but for those after a backslash, which goes.
std::vector<std::string> split_values(std::string_view list) {
  std::vector<std::string> values(1);
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list.substr(i, 2) == "\\,")
      values.back() += list[++i];
    else if (list[i] == ',')
      values.emplace_back();
    else
      values.back() += list[i];
  }
  return values;
}

Result<std::vector<std::string>> values_of_list(const std::string& list) {
  std::vector<std::string> values;
  for (std::string& one : split_values(list)) {
    if (one.empty()) return fail(Failure::input, "a value is empty");
    if (!is_range(one)) {
      values.push_back(std::move(one));
      continue;
    }
    const Result<std::vector<std::string>> range = values_of_range(one);
    if (!range) return pass_on(range);
    values.insert(values.end(), range->begin(), range->end());
  }
  return values;
}

Result<std::vector<std::string>> values_of_file(const std::string& path) {
  const Result<std::string> text = read_kernel_file(path);
  if (!text) return pass_on(text);
  std::vector<std::string> values;
  for (std::string& line : split(*text, '\n')) {
    if (line.ends_with('\r')) line.pop_back();
    if (line.find('\0') != std::string::npos)
      return fail(Failure::input, "a line has a zero byte, which no command line can hold", path);
    if (!line.empty()) values.push_back(std::move(line));
  }
  if (values.empty()) return fail(Failure::input, "no line has a value", path);
  return values;
}

Result<Parameter> parse_parameter(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  if (equals == std::string::npos || !is_name(name))
    return fail(Failure::input, fmt::format("'{}' is not {}", printable(text), kForm));
  const std::string list = text.substr(equals + 1);
  if (list.empty()) return fail(Failure::input, fmt::format("{} has no value", name));
  auto values = list.starts_with('@') ? values_of_file(list.substr(1)) : values_of_list(list);
  if (!values) return pass_on(values);
  if (values->size() > kMostVariants)
    return fail(Failure::input, fmt::format("{} has {} values; {} are the most", name,
                                            grouped(static_cast<std::int64_t>(values->size())),
                                            grouped(static_cast<std::int64_t>(kMostVariants))));
  return Parameter{name, std::move(*values)};
}

bool has_name(const std::vector<Parameter>& parameters, const std::string& name) {
  return std::ranges::count(parameters, name, &Parameter::name) > 0;
}

}  // namespace

Result<std::vector<Parameter>> parse_parameters(const std::vector<std::string>& texts,
                                                const std::string& option,
                                                const std::vector<Parameter>& taken) {
  std::vector<Parameter> parameters;
  for (const std::string& text : texts) {
    Result<Parameter> one = parse_parameter(text);
    if (!one) {
      Error error = one.error();
      error.where = error.where.empty() ? option : option + " @" + error.where;
      if (error.hint.empty()) error.hint = "write " + option + " threads=1,2,4 or n=1..64*2";
      return tl::unexpected(std::move(error));
    }
    if (has_name(parameters, one->name) || has_name(taken, one->name))
      return fail(Failure::input, fmt::format("'{}' is named twice", one->name), option,
                  "put all of its values into one list");
    parameters.push_back(std::move(*one));
  }
  if (parameters.size() + taken.size() > kMostParameters)
    return fail(Failure::input,
                fmt::format("{} names; {} are the most", parameters.size() + taken.size(), kMostParameters),
                option);
  return parameters;
}

}  // namespace pw
