// SPDX-License-Identifier: GPL-3.0-or-later
// Spreads one list of hardware events over passes; numbers of items are indices into that list.
#pragma once

#include <string>
#include <vector>

#include "counters/plan/group_reasons.h"
#include "counters/plan/opener.h"
#include "counters/plan/pass_search.h"
#include "counters/plan/resolve.h"

namespace pw {

// Needs no counter of the CPU's PMU.
bool rides_along(const ResolvedEvent& resolved);

class Planner {
 public:
  // `events` get the status of those that never run. `reasons` may be null.
  Planner(std::vector<ResolvedEvent>& events, Opener& opener, const GroupReasons* reasons);

  // What the fewest passes count beside the riders; at least one set.
  Sets sets();
  FewestPossible fewest_possible() const;

  // Cycles and instructions, which every pass counts.
  const std::vector<int>& riders() const { return riders_; }
  // Why a {group} cannot be counted at once; "" where none is so.
  const std::string& impossible_group() const { return impossible_; }

  // Why `set` cannot be one with `earlier`: the first two events that conflict; else the first event for
  // which there is no room; else nothing.
  std::string conflict(const std::vector<int>& set, const std::vector<int>& earlier);
  std::string no_room_for_all() const;

 private:
  Event& event(int item) { return events_[static_cast<std::size_t>(item)].event; }
  std::vector<ResolvedEvent> group_of(const std::vector<int>& items) const;  // the riders and these
  std::string pair_conflict(int first, int second);
  std::string no_room(int item, std::vector<int> earlier);
  std::string labels(const std::vector<int>& items);
  std::vector<int> chosen(const std::vector<int>& units) const;
  void make_units();
  void give_up(const std::vector<int>& members);
  bool fits(std::vector<int> items, const std::vector<int>& more);
  bool fits_with_riders(const std::vector<int>& set) { return fits(riders_, set); }
  std::vector<int> led(const std::vector<int>& items) const;
  void drop_what_never_runs(std::vector<int>& items, const std::vector<int>& companions);
  std::string why_never(int item, std::vector<int> companions);

  std::vector<ResolvedEvent>& events_;
  Opener& opener_;
  const GroupReasons* reasons_;
  std::vector<int> riders_, others_;
  std::vector<std::vector<int>> units_;  // of others_: the members of a {group} together, others alone
  std::string impossible_;
  int at_least_ = 1;
};

}  // namespace pw
