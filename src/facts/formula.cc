// SPDX-License-Identifier: GPL-3.0-or-later
#include "facts/formula.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.h"

namespace pw {
namespace {

constexpr int kDeepest = 64;  // parentheses and signs

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_function(std::string_view name) { return name == "min" || name == "max"; }

class Parser {
 public:
  Parser(std::string_view text, const OperandValue& operand) : text_(text), operand_(operand) {}

  Result<double> whole() {
    Result<double> value = sum();
    if (value && peek() != '\0') return malformed("nothing more is expected");
    if (value && !std::isfinite(*value)) return fail(Failure::measurement, "no finite number", "");
    return value;
  }

 private:
  Result<double> sum() {
    Result<double> left = product();
    while (left && (peek() == '+' || peek() == '-')) {
      const double sign = text_[at_++] == '+' ? 1 : -1;
      Result<double> right = product();
      if (!right) return right;
      *left += sign * *right;
    }
    return left;
  }

  Result<double> product() {
    Result<double> left = atom();
    while (left && (peek() == '*' || peek() == '/')) {
      const bool divides = text_[at_++] == '/';
      const std::size_t begin = at_;
      Result<double> right = atom();
      if (!right) return right;
      if (divides && *right == 0)
        return fail(Failure::measurement, "division by zero",
                    std::string(trim(text_.substr(begin, at_ - begin))));
      *left = divides ? *left / *right : *left * *right;
    }
    return left;
  }

  Result<double> atom() {
    if (++depth_ > kDeepest) return malformed("nested too deeply");
    const char c = peek();
    Result<double> value = c == '('                  ? group()
                           : c == '-'                ? (++at_, atom().map(std::negate()))
                           : is_letter(c)            ? symbol()
                           : is_digit(c) || c == '.' ? number()
                                                     : malformed("a number or a symbol is expected");
    --depth_;
    return value;
  }

  Result<double> group() {
    ++at_;
    Result<double> value = sum();
    return value && !take(')') ? malformed("')' is expected") : value;
  }

  Result<double> number() {
    double value = 0;
    const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), value);
    if (error != std::errc()) return malformed("not a number");
    at_ = static_cast<std::size_t>(end - text_.data());
    return value;
  }

  Result<double> symbol() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && (is_letter(text_[at_]) || is_digit(text_[at_]))) ++at_;
    const std::string_view name = text_.substr(begin, at_ - begin);
    if (is_function(name)) return call(name == "min");
    const std::optional<double> value = operand_(name);
    return value ? Result<double>(*value) : fail(Failure::measurement, "unknown operand", std::string(name));
  }

  Result<double> call(bool least) {
    if (!take('(')) return malformed("'(' is expected");
    Result<double> value = sum();
    while (value && take(',')) {
      Result<double> other = sum();
      if (!other) return other;
      *value = least ? std::min(*value, *other) : std::max(*value, *other);
    }
    return value && !take(')') ? malformed("')' is expected") : value;
  }

  char peek() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) { return peek() == c && ++at_ > 0; }
  Result<double> malformed(const std::string& why) const {
    return fail(Failure::input, why + " at column " + std::to_string(at_ + 1), std::string(text_));
  }

  std::string_view text_;
  const OperandValue& operand_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Result<double> evaluate(std::string_view formula, const OperandValue& operand) {
  return Parser(formula, operand).whole();
}

std::vector<std::string> formula_symbols(std::string_view formula) {
  std::vector<std::string> symbols;
  double distinct = 1;  // so that no difference of symbols is zero
  (void)evaluate(formula, [&](std::string_view symbol) {
    if (std::find(symbols.begin(), symbols.end(), symbol) == symbols.end()) symbols.emplace_back(symbol);
    return std::optional(distinct = distinct * 3 + 1e-3);
  });
  return symbols;
}

}  // namespace pw
