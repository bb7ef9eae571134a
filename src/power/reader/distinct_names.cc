// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/reader/distinct_names.h"

#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>

namespace pw {
namespace {

constexpr std::string_view kPathMarks = "/#";

// The last two parts of a path: "hwmon3" and "power1_input".
std::pair<std::string, std::string> end_of(const std::string& path) {
  const auto last_part = [](const std::string& text) {
    return text.substr(text.find_last_of(kPathMarks) + 1);  // npos + 1 is 0
  };
  const std::string last = last_part(path);
  std::string rest = path.substr(0, path.size() - last.size());
  while (!rest.empty() && kPathMarks.find(rest.back()) != std::string_view::npos) rest.pop_back();
  return {last_part(rest), last};
}

// Of those of one name.
void tell_apart(const std::vector<Channel*>& alike) {
  std::set<std::string> parents, ends;
  for (const Channel* channel : alike) {
    const auto [parent, last] = end_of(channel->device);
    parents.insert(parent);
    ends.insert(parent + " " + last);
  }
  int number = 0;
  for (Channel* channel : alike) {
    const auto [parent, last] = end_of(channel->device);
    std::string place = parents.size() == alike.size() ? parent : parent.empty() ? last : parent + " " + last;
    if (ends.size() < alike.size()) place += fmt::format("{}#{}", place.empty() ? "" : " ", number + 1);
    ++number;
    channel->name += " (" + place + ")";
    if (channel->scope != kWholeMachine) channel->scope += " (" + place + ")";
  }
}

}  // namespace

void make_names_distinct(std::vector<Channel>& channels) {
  for (std::size_t first = 0; first < channels.size(); ++first) {
    std::vector<Channel*> alike;
    for (std::size_t i = first; i < channels.size(); ++i)
      if (channels[i].name == channels[first].name) alike.push_back(&channels[i]);
    if (alike.size() > 1) tell_apart(alike);
  }
}

}  // namespace pw
