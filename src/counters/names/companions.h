// SPDX-License-Identifier: GPL-3.0-or-later
// Events that a list means without naming them.
#pragma once

#include <vector>

#include "counters/names/event_list.h"
#include "counters/names/event_request.h"
#include "os/root.h"

namespace pw {

// perf counts topdown-* only in a group that slots leads (perf's Documentation/topdown.txt): where the PMU
// has slots, the ungrouped ones of a list become one group with it, and a {group} of them gets it in front.
void let_slots_lead(std::vector<EventRequest>& requests, const Root& root);

// "hv_24x7/NAME,chip=?/" is an event of each chip (hv_24x7/interface/sockets says how many).
std::vector<ListedEvent> one_for_each_chip(const std::vector<ListedEvent>& listed, const Root& root);

}  // namespace pw
