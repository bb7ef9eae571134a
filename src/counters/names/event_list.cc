// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/names/event_list.h"

#include "base/text.h"

namespace pw {
namespace {

constexpr std::string_view kModifierLetters = "ukhIGHDeSpPW";
constexpr std::string_view kCountingLetters = "ukhGHID";

bool only_modifiers(std::string_view text) {
  return !text.empty() && text.find_first_not_of(kModifierLetters) == std::string_view::npos;
}

ListedEvent event_of(std::string_view text) {
  const std::size_t slash = text.rfind('/');
  if (slash != std::string_view::npos && text.find('/') != slash) {
    std::string_view rest = text.substr(slash + 1);
    if (rest.starts_with(':')) rest.remove_prefix(1);
    return {std::string(text.substr(0, slash + 1)), std::string(rest), 0};
  }
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || !only_modifiers(text.substr(colon + 1)))
    return {std::string(text), "", 0};
  return {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1)), 0};
}

class Splitter {
 public:
  explicit Splitter(std::string_view list) : list_(list) {}

  Result<std::vector<ListedEvent>> run() {
    do {
      const Result<> taken = skip_blanks() && at('{') ? take_group() : take_event(0);
      if (!taken) return pass_on(taken);
    } while (skip(','));
    return position_ == list_.size()
               ? Result<std::vector<ListedEvent>>(std::move(events_))
               : fail(Failure::input, "'" + rest() + "' is not understood", "-e", kHint);
  }

 private:
  static constexpr const char* kHint = "write -e cycles,instructions:u,{branches,branch-misses}";

  bool at(char c) const { return position_ < list_.size() && list_[position_] == c; }
  bool skip(char c) {
    skip_blanks();
    if (!at(c)) return false;
    ++position_;
    return true;
  }
  bool skip_blanks() {
    while (at(' ') || at('\t')) ++position_;
    return true;
  }
  std::string rest() const { return std::string(list_.substr(position_)); }

  Result<> take_event(int group) {
    const std::size_t begin = position_;
    bool in_slashes = false;
    for (; position_ < list_.size(); ++position_) {
      const char c = list_[position_];
      if (c == '/') in_slashes = !in_slashes;
      if (!in_slashes && (c == ',' || c == '}' || c == '{')) break;
    }
    const std::string_view text = trim(list_.substr(begin, position_ - begin));
    if (in_slashes)
      return fail(Failure::input, "'" + std::string(text) + "' lacks its closing slash", "-e", kHint);
    if (text.empty()) return fail(Failure::input, "an event name is missing", "-e", kHint);
    events_.push_back(event_of(text));
    events_.back().group = group;
    return {};
  }

  Result<> take_group() {
    ++position_;
    const std::size_t first = events_.size();
    const int group = ++groups_;
    do {
      if (Result<> taken = take_event(group); !taken) return taken;
    } while (skip(','));
    if (!skip('}')) return fail(Failure::input, "a group lacks its closing brace", "-e", kHint);
    if (!at(':')) return {};
    const std::size_t begin = ++position_;
    while (position_ < list_.size() && !at(',')) ++position_;
    const std::string modifiers(trim(list_.substr(begin, position_ - begin)));
    for (std::size_t i = first; i < events_.size(); ++i) events_[i].modifiers += modifiers;
    return {};
  }

  std::string_view list_;
  std::size_t position_ = 0;
  int groups_ = 0;
  std::vector<ListedEvent> events_;
};

}  // namespace

Result<std::vector<ListedEvent>> split_events(std::string_view list) { return Splitter(list).run(); }

Result<std::string> counting_modifiers(const ListedEvent& event) {
  std::string letters;
  for (const char letter : event.modifiers) {
    if (kCountingLetters.find(letter) == std::string_view::npos)
      return fail(Failure::input,
                  std::string("modifier ':") + letter + "' of event '" + event.name + "' is for sampling",
                  "-e", "counting knows :u :k :h (modes), :G :H (guest, host), :I (not idle), :D (pinned)");
    if (letters.find(letter) == std::string::npos) letters += letter;
  }
  if (letters == "uk" || letters == "ku") letters.clear();
  if (letters == "h")
    return fail(Failure::input, "':h' of event '" + event.name + "' alone is not counted", "-e",
                "the hypervisor's part is :ukh less :uk");
  return letters;
}

}  // namespace pw
