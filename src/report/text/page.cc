// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/text/page.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr std::size_t kLeastWidth = 60;
constexpr std::size_t kMostWidth = 120;
constexpr std::size_t kRowLabel = 24;
constexpr std::size_t kPageNumber = 12;
constexpr std::size_t kName = 10;  // of a paragraph

constexpr const char* code_of(Ink ink) {
  switch (ink) {
    case Ink::bold:
      return "1";
    case Ink::dim:
      return "2";
    case Ink::red:
      return "1;31";
    case Ink::yellow:
      return "33";
    case Ink::magenta:
      return "1;35";
  }
  return "0";
}

std::string right_trimmed(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

}  // namespace

Page::Page(const TextStyle& style, bool with_items)
    : style_(style),
      with_items_(with_items),
      width_(std::clamp(static_cast<std::size_t>(std::max(0, style.width)), kLeastWidth, kMostWidth)) {}

std::string Page::painted(std::string_view text, Ink ink) const {
  return style_.colour && !text.empty() ? fmt::format("\x1b[{}m{}\x1b[0m", code_of(ink), text)
                                        : std::string(text);
}

void Page::line(std::string_view text) {
  text_ += text;
  text_ += '\n';
}

void Page::title(std::string_view text) {
  if (!text_.empty()) line();
  line(painted(text, Ink::bold));
}

void Page::paragraph(std::string_view label, std::string_view text) {
  const std::string name = printable(label);
  const bool own_line = columns(name) > kRowLabel;
  const std::size_t indent = own_line ? kName + 2 : std::max(kName + 2, columns(name) + 4);
  if (own_line) line("  " + wrapped(name, width_, 2));
  const std::string left = own_line ? std::string(indent, ' ') : "  " + pad_right(name, indent - 2);
  line(left + wrapped(printable(text), width_, indent));
}

void Page::table(std::string_view name, bool per_second) {
  std::string head =
      pad_right(name, kRowLabel + 2) + pad_left("mean", kPageNumber) + pad_left("95 %", kPageNumber);
  if (with_items_) head += pad_left("per item", kPageNumber);
  if (per_second) head += pad_left("per second", kPageNumber);
  title(head);
}

void Page::row(const Row& row) {
  std::string text = "  " + pad_right(row.label, kRowLabel) +
                     pad_left(amount(row.value.mean, row.unit), kPageNumber) +
                     pad_left(interval(row.value), kPageNumber);
  if (with_items_) text += pad_left(row.per_item ? amount(*row.per_item, row.unit) : "", kPageNumber);
  if (row.per_second) text += pad_left(amount(*row.per_second, row.unit), kPageNumber);
  const std::string remark = printable(row.remark);
  if (remark.empty()) return line(right_trimmed(text));
  if (columns(text) + 2 + columns(remark) <= width_) return line(text + "  " + painted(remark, Ink::dim));
  line(right_trimmed(text));
  line("      " + painted(wrapped(remark, width_, 6), Ink::dim));
}

}  // namespace pw
