// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/prometheus_text.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <set>

#include "base/text.h"

namespace pw {

std::string prometheus_label(std::string_view name, std::string_view value) {
  std::string text = std::string(name) + "=\"";
  for (const char c : printable(value)) {
    if (c == '\\' || c == '"') text += '\\';
    text += c;
  }
  return text + '"';
}

std::vector<std::string> made_unique(std::vector<std::string> texts) {
  std::set<std::string> taken;
  for (std::string& text : texts) {
    text = printable(text);
    const std::string plain = text;
    for (int number = 2; !taken.insert(text).second; ++number) text = fmt::format("{} #{}", plain, number);
  }
  return texts;
}

void put_family(std::string& text, const MetricFamily& family) {
  fmt::format_to(std::back_inserter(text), "# HELP {} {}\n# TYPE {} {}\n", family.name, family.help,
                 family.name, family.type);
}

void put_sample(std::string& text, std::string_view name, std::string_view labels, double value) {
  if (std::isfinite(value))
    fmt::format_to(std::back_inserter(text), "{}{{{}}} {}\n", name, labels, exact_number(value));
}

}  // namespace pw
