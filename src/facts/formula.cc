// SPDX-License-Identifier: GPL-3.0-or-later
#include "facts/formula.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <utility>

#include "base/text.h"

namespace pw {
namespace {

constexpr int kDeepest = 64;  // parentheses and signs
constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_function(std::string_view name) { return name == "min" || name == "max"; }
bool is_word(std::string_view name) { return name == "not" || name == "and" || name == "or"; }

// Of values that are numbers or kUnknown; a value other than 0 holds.
double both(double left, double right) {
  if (left == 0 || right == 0) return 0;
  return std::isnan(left) || std::isnan(right) ? kUnknown : 1;
}
double not_of(double value) { return std::isnan(value) ? kUnknown : value == 0 ? 1 : 0; }
double either(double left, double right) { return not_of(both(not_of(left), not_of(right))); }

using Comparison = bool (*)(double, double);
struct Sign {
  std::string_view text;
  Comparison holds;
};
constexpr Sign kSigns[] = {
    {"<=", [](double a, double b) { return a <= b; }}, {">=", [](double a, double b) { return a >= b; }},
    {"==", [](double a, double b) { return a == b; }}, {"!=", [](double a, double b) { return a != b; }},
    {"<", [](double a, double b) { return a < b; }},   {">", [](double a, double b) { return a > b; }}};

class Parser {
 public:
  Parser(std::string_view text, const OperandValue& operand) : text_(text), operand_(operand) {}

  Result<double> whole() {
    Result<double> value = any();
    if (value && peek() != '\0') return malformed("nothing more is expected");
    if (value && std::isnan(*value) && unknown_) return tl::unexpected(*unknown_);
    if (value && !std::isfinite(*value)) return fail(Failure::measurement, "no finite number", "");
    return value;
  }

 private:
  Result<double> any() {
    Result<double> left = all();
    while (left && take_word("or")) {
      Result<double> right = all();
      if (!right) return right;
      left = either(*left, *right);
    }
    return left;
  }

  Result<double> all() {
    Result<double> left = negation();
    while (left && take_word("and")) {
      Result<double> right = negation();
      if (!right) return right;
      left = both(*left, *right);
    }
    return left;
  }

  Result<double> negation() {
    int nots = 0;
    while (take_word("not")) ++nots;
    Result<double> value = comparison();
    for (; value && nots > 0; --nots) value = not_of(*value);
    return value;
  }

  Result<double> comparison() {
    Result<double> left = sum();
    if (!left) return left;
    const Comparison holds = take_sign();
    if (!holds) return left;
    Result<double> right = sum();
    if (!right) return right;
    if (std::isnan(*left) || std::isnan(*right)) return kUnknown;
    return holds(*left, *right) ? 1 : 0;
  }

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
        left = unknown("division by zero", trim(text_.substr(begin, at_ - begin)));
      else
        left = divides ? *left / *right : *left * *right;
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
    Result<double> value = any();
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
    const std::string_view name = word();
    if (is_word(name)) return malformed("a number or a symbol is expected");
    at_ += name.size();
    if (is_function(name)) return call(name == "min");
    const std::optional<double> value = operand_(name);
    return value ? *value : unknown("unknown operand", name);
  }

  Result<double> call(bool least) {
    if (!take('(')) return malformed("'(' is expected");
    Result<double> value = any();
    while (value && take(',')) {
      Result<double> other = any();
      if (!other) return other;
      if (std::isnan(*value) || std::isnan(*other))
        value = kUnknown;
      else
        value = least ? std::min(*value, *other) : std::max(*value, *other);
    }
    return value && !take(')') ? malformed("')' is expected") : value;
  }

  char peek() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char c) { return peek() == c && ++at_ > 0; }
  // The letters and digits that come next.
  std::string_view word() {
    (void)peek();
    std::size_t end = at_;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    return text_.substr(at_, end - at_);
  }
  bool take_word(std::string_view wanted) {
    if (word() != wanted) return false;
    at_ += wanted.size();
    return true;
  }
  Comparison take_sign() {
    (void)peek();
    for (const Sign& sign : kSigns)
      if (text_.substr(at_).starts_with(sign.text)) {
        at_ += sign.text.size();
        return sign.holds;
      }
    return nullptr;
  }
  // The first one is kept: whole() tells it where the value is not known.
  double unknown(std::string what, std::string_view where) {
    if (!unknown_) unknown_ = Error{Failure::measurement, std::move(what), std::string(where), {}};
    return kUnknown;
  }
  Result<double> malformed(const std::string& why) const {
    return fail(Failure::input, why + " at column " + std::to_string(at_ + 1), std::string(text_));
  }

  std::string_view text_;
  const OperandValue& operand_;
  std::optional<Error> unknown_;
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
