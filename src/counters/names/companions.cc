// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/names/companions.h"

#include <algorithm>
#include <optional>
#include <string>

#include "counters/names/hardware_names.h"
#include "counters/names/sysfs_pmu.h"

namespace pw {
namespace {

constexpr std::string_view kEachChip = ",chip=?";
constexpr long kMostChips = 64;

bool is_topdown(const EventRequest& request) {
  return request.name.starts_with("topdown-") || request.name.find("/topdown-") != std::string::npos;
}

// The PMU's slots; nothing where it has none.
std::optional<EventRequest> slots_of(const EventRequest& topdown, const Root& root) {
  const std::size_t slash = topdown.name.find('/');
  const std::string pmu = slash == std::string::npos ? cpu_pmu_name(root) : topdown.name.substr(0, slash);
  Result<EventRequest> slots = parse_pmu_event(root, pmu + "/slots/");
  if (!slots) return std::nullopt;
  slots->modifier = topdown.modifier;
  slots->leads = true;
  return std::move(*slots);
}

bool same_but_group(const EventRequest& a, const EventRequest& b) {
  return a.type == b.type && a.config == b.config && a.modifier == b.modifier;
}

int next_group(const std::vector<EventRequest>& requests) {
  int group = 0;
  for (const EventRequest& request : requests) group = std::max(group, request.group);
  return group + 1;
}

// Puts `slots` in front of the group of request `at`, which becomes a group where it was in none.
void lead(std::vector<EventRequest>& requests, std::size_t at, EventRequest slots) {
  const int group = requests[at].group;
  const int led = group > 0 ? group : next_group(requests);
  bool there = false;
  for (EventRequest& request : requests) {
    if (request.group != group) continue;
    const bool leader = same_but_group(request, slots);
    there = there || leader;
    if (leader) request.leads = true;
    if (leader || (is_topdown(request) && request.modifier == slots.modifier)) request.group = led;
  }
  if (there) return;
  slots.group = led;
  requests.insert(requests.begin() + static_cast<long>(at), std::move(slots));
}

bool has_leader(const std::vector<EventRequest>& requests, const EventRequest& request) {
  return request.group > 0 && std::ranges::any_of(requests, [&](const EventRequest& other) {
           return other.leads && other.group == request.group;
         });
}

}  // namespace

void let_slots_lead(std::vector<EventRequest>& requests, const Root& root) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (!is_topdown(requests[i]) || has_leader(requests, requests[i])) continue;
    if (auto slots = slots_of(requests[i], root)) lead(requests, i, std::move(*slots));
  }
}

std::vector<ListedEvent> one_for_each_chip(const std::vector<ListedEvent>& listed, const Root& root) {
  std::vector<ListedEvent> expanded;
  for (const ListedEvent& event : listed) {
    const std::size_t at = event.name.find(kEachChip);
    const auto chips = root.number("sys/bus/event_source/devices/hv_24x7/interface/sockets");
    if (!event.name.starts_with("hv_24x7/") || at == std::string::npos || !chips) {
      expanded.push_back(event);
      continue;
    }
    for (long chip = 0; chip < std::clamp(*chips, 1L, kMostChips); ++chip) {
      expanded.push_back(event);
      expanded.back().name.replace(at, kEachChip.size(), ",chip=" + std::to_string(chip));
    }
  }
  return expanded;
}

}  // namespace pw
