// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/json_writer.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.h"

namespace pw {
namespace {

using Json = nlohmann::json;

std::string escaped(std::string_view text) {
  return Json(text).dump(-1, ' ', true, Json::error_handler_t::replace);
}

bool stands_for_itself(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

// JSON has '<' in strings alone.
std::string without_tags(std::string json) {
  for (std::size_t at = 0; (at = json.find('<', at)) != std::string::npos;) json.replace(at, 1, "\\u003c");
  return json;
}

}  // namespace

std::string& JsonWriter::next_line() {
  std::string& out = out_.text();
  if (!std::exchange(first_, false)) out += ',';
  if (style_ == JsonStyle::file) (out += '\n').append(depth_, ' ');
  return out;
}

std::string& JsonWriter::next_value() {
  return std::exchange(after_key_, false) || depth_ == 0 ? out_.text() : next_line();
}

void JsonWriter::put(std::string_view json) { next_value() += json; }

void JsonWriter::key(std::string_view name) {
  text(name);
  out_.text() += style_ == JsonStyle::file ? ": " : ":";
  after_key_ = true;
}

void JsonWriter::number(double number) { put(Json(number).dump()); }

void JsonWriter::text(std::string_view text) {
  if (style_ == JsonStyle::file)
    plain_text(text);
  else
    put(without_tags(escaped(printable(text))));
}

void JsonWriter::plain_text(std::string_view text) {
  std::string& out = next_value();
  if (!std::ranges::all_of(text, stands_for_itself)) {
    out += escaped(text);
    return;
  }
  out += '"';
  out += text;
  out += '"';
}

void JsonWriter::open(char bracket) {
  next_value() += bracket;
  ++depth_;
  first_ = true;
}

void JsonWriter::close(char bracket) {
  --depth_;
  std::string& out = out_.text();
  if (!std::exchange(first_, false) && style_ == JsonStyle::file) (out += '\n').append(depth_, ' ');
  out += bracket;
}

}  // namespace pw
