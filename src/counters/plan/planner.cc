// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/plan/planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "counters/plan/fewest_passes.h"

namespace pw {
namespace {

// Where it costs no pass, no pass has more hardware events than these (lab/README.md: QEMU loses counts at
// five).
constexpr int kFewEvents = 4;

bool rides_in_every_pass(const Event& event) {
  return event.modifier.empty() && (event.name == "cycles" || event.name == "instructions");
}

std::size_t index(int item) { return static_cast<std::size_t>(item); }

bool leads(const ResolvedEvent& leader, const ResolvedEvent& member) {
  return leader.leads && leader.event.group > 0 && leader.event.group == member.event.group;
}

}  // namespace

bool rides_along(const ResolvedEvent& resolved) { return resolved.event.software || !resolved.cpus.empty(); }

Planner::Planner(std::vector<ResolvedEvent>& events, Opener& opener, const GroupReasons* reasons)
    : events_(events), opener_(opener), reasons_(reasons) {
  for (int i = 0; i < static_cast<int>(events.size()); ++i) {
    if (event(i).status != CountStatus::ok || rides_along(events[index(i)])) continue;
    (rides_in_every_pass(event(i)) ? riders_ : others_).push_back(i);
  }
}

Sets Planner::sets() {
  if (riders_.empty() && others_.empty()) return {{}};
  if (fits_with_riders(others_)) return {others_};
  drop_what_never_runs(riders_, {});
  drop_what_never_runs(others_, riders_);
  make_units();
  const int even = std::max(0, kFewEvents - static_cast<int>(riders_.size()));
  auto [found, at_least] = search_passes(
      static_cast<int>(units_.size()),
      [&](const std::vector<int>& set) { return fits_with_riders(chosen(set)); }, even);
  at_least_ = std::max(at_least, 1);
  for (std::vector<int>& set : found) set = chosen(set);
  if (found.empty()) found.emplace_back();
  return found;
}

FewestPossible Planner::fewest_possible() const {
  if (!reasons_) return {at_least_, ""};
  FewestPossible fewest = reasons_->fewest_possible(group_of(others_));
  return fewest.passes >= at_least_ ? fewest : FewestPossible{at_least_, ""};
}

std::string Planner::conflict(const std::vector<int>& set, const std::vector<int>& earlier) {
  for (const int other : earlier)
    for (const int item : set)
      if (!fits_with_riders(led({other, item}))) return pair_conflict(other, item);
  for (const int item : set) {
    std::vector<int> together = earlier;
    together.push_back(item);
    if (!fits_with_riders(led(together))) return no_room(item, earlier);
  }
  return "";
}

std::string Planner::no_room_for_all() const {
  const std::string user = opener_.other_user();
  return "all events do not fit at once" + (user.empty() ? "" : " beside " + user);
}

// The riders and these.
std::vector<ResolvedEvent> Planner::group_of(const std::vector<int>& items) const {
  std::vector<ResolvedEvent> group;
  for (const int rider : riders_) group.push_back(events_[index(rider)]);
  for (const int item : items) group.push_back(events_[index(item)]);
  return group;
}

std::string Planner::pair_conflict(int first, int second) {
  if (reasons_) return reasons_->why_not(group_of({first, second}));
  const ResolvedEvent &a = events_[index(first)], &b = events_[index(second)];
  if (a.pmc && a.pmc == b.pmc)
    return fmt::format("{} and {} both need PMC{}", a.event.label(), b.event.label(), *a.pmc);
  return fmt::format("the kernel refuses {} and {} in one group", a.event.label(), b.event.label());
}

std::string Planner::no_room(int item, std::vector<int> earlier) {
  const std::string user = opener_.other_user();
  if (!reasons_)
    return event(item).label() + " does not fit beside " + labels(earlier) +
           (user.empty() ? "" : " and " + user);
  earlier.push_back(item);
  return reasons_->why_not(group_of(earlier));
}

std::string Planner::labels(const std::vector<int>& items) {
  std::vector<std::string> names;
  for (const int item : items) names.push_back(event(item).label());
  return join(names, ", ");
}

std::vector<int> Planner::chosen(const std::vector<int>& set) const {
  std::vector<int> items;
  for (const int unit : set)
    items.insert(items.end(), units_[index(unit)].begin(), units_[index(unit)].end());
  return items;
}

// The members of a {group} go together, every other event by itself.
void Planner::make_units() {
  std::map<int, std::vector<int>> groups;
  for (const int item : others_) {
    if (event(item).group == 0) {
      units_.push_back({item});
      continue;
    }
    groups[event(item).group].push_back(item);
  }
  for (auto& [group, members] : groups) {
    if (fits_with_riders(members))
      units_.push_back(std::move(members));
    else
      give_up(members);
  }
  std::ranges::sort(units_);
}

void Planner::give_up(const std::vector<int>& members) {
  std::string why;
  for (std::size_t i = 1; i < members.size() && why.empty(); ++i)
    why = conflict({members[i]}, {members.begin(), members.begin() + static_cast<long>(i)});
  const std::string reason = "the group {" + labels(members) +
                             "} can never be counted at once: " + (why.empty() ? "it does not fit" : why);
  for (const int member : members) {
    event(member).status = CountStatus::not_counted;
    event(member).reason = reason;
  }
  std::erase_if(others_, [&](int item) { return std::ranges::find(members, item) != members.end(); });
  if (impossible_.empty()) impossible_ = reason;
}

bool Planner::fits(std::vector<int> items, const std::vector<int>& more) {
  items.insert(items.end(), more.begin(), more.end());
  put_leaders_first(items, events_);
  std::vector<perf_event_attr> group;
  for (const int item : items) group.push_back(events_[index(item)].attr);
  return opener_.fits(group);
}

// These, and before each the one that has to lead its group.
std::vector<int> Planner::led(const std::vector<int>& items) const {
  std::vector<int> all = items;
  for (const int item : items)
    for (int other = 0; other < static_cast<int>(events_.size()); ++other)
      if (leads(events_[index(other)], events_[index(item)]) && std::ranges::count(all, other) == 0)
        all.push_back(other);
  return all;
}

// Items that fit neither with `companions` nor alone are marked and taken out of `items`.
void Planner::drop_what_never_runs(std::vector<int>& items, const std::vector<int>& companions) {
  std::erase_if(items, [&](int item) {
    if (fits(companions, led({item}))) return false;
    event(item).status = CountStatus::not_counted;
    event(item).reason = why_never(item, companions);
    return true;
  });
}

std::string Planner::why_never(int item, std::vector<int> companions) {
  if (!reasons_) {
    const std::string user = opener_.other_user();
    return "it opens but never runs whole: " +
           (user.empty() ? "another user of the PMU holds the counter it needs" : user + " holds a counter");
  }
  std::vector<ResolvedEvent> group;
  companions.push_back(item);
  for (const int member : companions) group.push_back(events_[index(member)]);
  return reasons_->why_not(group);
}

}  // namespace pw
