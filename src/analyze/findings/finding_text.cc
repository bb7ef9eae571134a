// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/findings/finding_text.h"

#include <fmt/format.h>

#include <cmath>

#include "base/text.h"

namespace pw {
namespace {

constexpr double kLeastGrouped = 1000, kMostGrouped = 1e15;

std::string in_format(double value, std::string_view format) {
  if (format == "si") return si(value);
  if (const auto decimals = parse_integer(format); decimals && *decimals >= 0 && *decimals < 10)
    return fmt::format("{:.{}f}", value, *decimals);
  const double size = std::abs(value);
  const bool whole = size < kMostGrouped && (size >= kLeastGrouped || value == std::floor(value));
  return whole ? grouped(std::llround(value)) : fmt::format("{:.4g}", value);
}

const InputValue* input_of(const FindingRule& rule, const std::vector<InputValue>& values,
                           std::string_view symbol) {
  for (std::size_t i = 0; i < rule.inputs.size() && i < values.size(); ++i)
    if (rule.inputs[i].symbol == symbol) return &values[i];
  return nullptr;
}

bool is_text(const FindingRule& rule, std::string_view symbol, const InputValue& value) {
  if (value.text.empty()) return false;
  for (const FindingInput& input : rule.inputs)
    if (input.symbol == symbol) return !input.contains.empty() || !value.number;
  return false;
}

// Of "FORMULA:FORMAT".
std::string field(std::string_view text, const FindingRule& rule, const std::vector<InputValue>& values) {
  const std::size_t colon = text.find(':');
  const std::string_view formula = text.substr(0, colon);
  const std::string_view format = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  if (const InputValue* input = input_of(rule, values, formula); input && is_text(rule, formula, *input))
    return input->text;
  const Result<double> value = evaluate(formula, operands(rule, values));
  return value ? in_format(*value, format) : "unknown";
}

}  // namespace

OperandValue operands(const FindingRule& rule, const std::vector<InputValue>& values) {
  return [&](std::string_view symbol) -> std::optional<double> {
    const InputValue* value = input_of(rule, values, symbol);
    return value ? value->number : std::nullopt;
  };
}

std::string filled_in(std::string_view text, const FindingRule& rule, const std::vector<InputValue>& values) {
  std::string filled;
  while (!text.empty()) {
    const std::size_t open = text.find('{'), close = text.find('}', open);
    if (open == std::string_view::npos || close == std::string_view::npos) break;
    filled += text.substr(0, open);
    filled += field(text.substr(open + 1, close - open - 1), rule, values);
    text.remove_prefix(close + 1);
  }
  return filled + std::string(text);
}

}  // namespace pw
