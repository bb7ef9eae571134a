// SPDX-License-Identifier: GPL-3.0-or-later
// Writes a JSON document as it goes. It is ASCII, so that no text from a stranger reaches a terminal as a
// control character; what is not UTF-8 becomes U+FFFD.
#pragma once

#include <concepts>
#include <cstddef>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "base/units.h"
#include "export/output.h"

namespace pw {

// A value that is JSON already.
struct JsonText {
  std::string text;
};

// file: indented by one space a level. page: to stand in an HTML page, in one line; texts as they are shown,
// printable(), and without '<', so that none ends the element.
enum class JsonStyle { file, page };

class JsonWriter {
 public:
  explicit JsonWriter(Output& out, JsonStyle style = JsonStyle::file) : out_(out), style_(style) {}

  // Keys and values in turn.
  template <class... Members>
  void object(const Members&... members) {
    open('{');
    add_members(members...);
    if (last_ && depth_ == kRowDepth) member(last_->first, last_->second);
    close('}');
  }

  // Every row from now on, an object of an array of the document, has this as its last member.
  void rows_end_with(std::string name, std::string text) { last_.emplace(std::move(name), std::move(text)); }
  void rows_end() { last_.reset(); }

  // Of the members that `write` writes.
  template <std::invocable Write>
  void object(const Write& write) {
    open('{');
    write();
    close('}');
  }

  // Of the values that `write` writes.
  template <std::invocable Write>
  void array(const Write& write) {
    open('[');
    write();
    close(']');
  }

  template <class T>
  void member(std::string_view name, const T& one) {
    key(name);
    value(one);
  }

  // A number, a text, a bool, nothing, several of them, or what a function writes: one value.
  template <class T>
  void value(const T& one) {
    if constexpr (std::invocable<T>)
      one();
    else if constexpr (std::is_same_v<T, bool>)
      put(one ? "true" : "false");
    else if constexpr (std::integral<T>)
      put(std::to_string(one));
    else if constexpr (std::floating_point<T>)
      number(static_cast<double>(one));
    else if constexpr (std::convertible_to<T, std::string_view>)
      text(one);
    else if constexpr (std::ranges::range<T>)
      array([&] {
        for (const auto& each : one) value(each);
      });
    else
      composed(one);
  }

 private:
  void add_members() {}
  template <class T, class... More>
  void add_members(std::string_view name, const T& one, const More&... more) {
    member(name, one);
    add_members(more...);
  }

  template <class Tag, class Number>
  void composed(Quantity<Tag, Number> quantity) {
    value(quantity.value);
  }
  template <class T>
  void composed(const std::optional<T>& one) {
    if (one)
      value(*one);
    else
      put("null");
  }
  void composed(std::nullopt_t) { put("null"); }
  void composed(const JsonText& json) { put(json.text); }

  void key(std::string_view name);
  void number(double number);
  void text(std::string_view text);
  void plain_text(std::string_view text);
  void put(std::string_view json);
  void open(char bracket);
  void close(char bracket);
  std::string& next_value();
  std::string& next_line();

  Output& out_;
  JsonStyle style_;
  std::size_t depth_ = 0;
  bool first_ = true;       // nothing stands yet in what was opened last
  bool after_key_ = false;  // the next value is that of a key
  static constexpr std::size_t kRowDepth = 3;
  std::optional<std::pair<std::string, std::string>> last_;
};

}  // namespace pw
