// SPDX-License-Identifier: GPL-3.0-or-later
// The text of `perf stat -e`: names, modifiers, groups.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pw {

struct ListedEvent {
  std::string name;       // "cycles", "cpu/event=0xc0/", "sched:sched_switch"
  std::string modifiers;  // "u", "kh": its own and its group's, as typed
  int group = 0;          // from 1 in the order of the list; 0: in no {group}
};

// "a,b:u,{c,d}:k,pmu/x=1,y=2/u". Commas between slashes belong to the event. What follows the last colon is a
// modifier where it has only perf's modifier letters. Errors: Failure::input.
Result<std::vector<ListedEvent>> split_events(std::string_view list);

// The letters of u k h G H I D that stand there, each once; "" where user and kernel mode are both counted,
// as without any. Errors: Failure::input, modifiers of sampling, and :h alone.
Result<std::string> counting_modifiers(const ListedEvent& event);

}  // namespace pw
