// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/hmc/xml.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace pw {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

constexpr std::pair<std::string_view, char> kEntities[] = {
    {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};

std::string unescaped(std::string_view text) {
  std::string plain;
  for (std::size_t at = 0; at < text.size();) {
    const auto* entity = std::ranges::find_if(
        kEntities, [&](const auto& each) { return text.substr(at).starts_with(each.first); });
    const bool found = entity != std::end(kEntities);
    plain += found ? entity->second : text[at];
    at += found ? entity->first.size() : 1;
  }
  return plain;
}

std::string_view local_name(std::string_view name) { return name.substr(name.rfind(':') + 1); }

std::string_view take_until(std::string_view& text, std::string_view any) {
  const std::string_view taken = text.substr(0, text.find_first_of(any));
  text.remove_prefix(taken.size());
  return taken;
}

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
}

// Where the tag ends whose inside `text` begins with: a > in quotes is none.
std::size_t end_of_tag(std::string_view text) {
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (quote == 0 && text[i] == '>') return i;
    if (quote == 0 && (text[i] == '"' || text[i] == '\''))
      quote = text[i];
    else if (text[i] == quote)
      quote = 0;
  }
  return std::string_view::npos;
}

}  // namespace

// Whether it stood there; a document in which it has no end is over.
bool XmlElements::skip(std::string_view begin, std::string_view end) {
  if (!left_.starts_with(begin)) return false;
  const std::size_t at = left_.find(end, begin.size());
  left_.remove_prefix(at == std::string_view::npos ? left_.size() : at + end.size());
  return true;
}

bool XmlElements::next() {
  while (true) {
    left_.remove_prefix(std::min(left_.find('<'), left_.size()));
    if (left_.empty() || left_.starts_with("<!DOCTYPE")) return false;
    if (skip("<!--", "-->") || skip("<?", "?>") || skip("<![CDATA[", "]]>") || skip("</", ">")) continue;
    const std::size_t end = end_of_tag(left_);
    if (end == std::string_view::npos) return false;
    attributes_ = left_.substr(1, end - 1);
    left_.remove_prefix(end + 1);
    empty_ = attributes_.ends_with('/');
    if (empty_) attributes_.remove_suffix(1);
    name_ = local_name(take_until(attributes_, kBlanks));
    if (!name_.empty()) return true;
  }
}

std::optional<std::string> XmlElements::attribute(std::string_view name) const {
  std::string_view rest = attributes_;
  while (true) {
    skip_blanks(rest);
    const std::string_view key = local_name(trim(take_until(rest, "=")));
    if (rest.empty()) return std::nullopt;
    rest.remove_prefix(1);
    skip_blanks(rest);
    const std::string_view quote = rest.substr(0, 1);
    if (quote != "\"" && quote != "'") return std::nullopt;
    rest.remove_prefix(1);
    const std::string_view value = take_until(rest, quote);
    if (rest.empty()) return std::nullopt;
    rest.remove_prefix(1);
    if (key == name) return unescaped(value);
  }
}

std::string XmlElements::text() const {
  return empty_ ? "" : unescaped(trim(left_.substr(0, left_.find('<'))));
}

}  // namespace pw
