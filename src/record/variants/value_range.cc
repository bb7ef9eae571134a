// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/variants/value_range.h"

#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "base/text.h"
#include "model/experiment.h"

namespace pw {
namespace {

constexpr std::string_view kDots = "..";
constexpr double kRounding = 1e-9;  // of a step: 0.1 + 2 * 0.1 reaches 0.3

struct Range {
  double first = 0, last = 0, step = 1;
  bool times = false;

  double value(std::size_t i) const {
    const auto n = static_cast<double>(i);
    return times ? first * std::pow(step, n) : first + n * step;
  }
  bool within(double value) const { return value <= last + kRounding * (times ? std::abs(last) : step); }
};

tl::unexpected<Error> fail_range(const std::string& text, const std::string& why, const std::string& hint) {
  return fail(Failure::input, fmt::format("the range '{}' {}", printable(text), why), "", hint);
}

std::optional<Range> parse_range(std::string_view text) {
  const std::size_t dots = text.find(kDots);
  const std::string_view behind = text.substr(dots + kDots.size());
  const std::size_t sign = behind.find_first_of("+*", 1);  // 1: of the number itself
  const auto first = parse_number(text.substr(0, dots)), last = parse_number(behind.substr(0, sign));
  if (!first || !last) return std::nullopt;
  Range range{*first, *last};
  if (sign == std::string_view::npos) return range;
  const auto step = parse_number(behind.substr(sign + 1));
  if (!step) return std::nullopt;
  range.step = *step;
  range.times = behind[sign] == '*';
  return range;
}

}  // namespace

bool is_range(std::string_view text) {
  const std::size_t dots = text.find(kDots);
  return dots != std::string_view::npos && parse_number(text.substr(0, dots)).has_value();
}

Result<std::vector<std::string>> values_of_range(const std::string& text) {
  const std::optional<Range> range = parse_range(text);
  if (!range)
    return fail_range(text, "is not A..B, A..B+STEP or A..B*FACTOR",
                      "a value that only looks like a range can stand in a file: NAME=@FILE");
  if (range->last < range->first)
    return fail_range(text, "goes down",
                      fmt::format("write {}..{}", exact_number(range->last), exact_number(range->first)));
  if (range->times ? range->step <= 1 || range->first <= 0 : range->step <= 0)
    return fail_range(text, "never ends",
                      range->times ? "a factor above 1, from a number above 0" : "a step above 0");
  std::vector<std::string> values;
  for (std::size_t i = 0; range->within(range->value(i)); ++i) {
    if (values.size() == kMostVariants)
      return fail_range(text, fmt::format("has more than {} values", kMostVariants), "take larger steps");
    values.push_back(fmt::format("{:.12g}", range->value(i)));
  }
  return values;
}

}  // namespace pw
