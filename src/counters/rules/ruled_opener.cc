// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/rules/ruled_opener.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace pw {
namespace {

bool hardware(const perf_event_attr& attr) { return attr.type != PERF_TYPE_SOFTWARE; }

std::vector<std::uint64_t> codes_of(std::span<const perf_event_attr> group) {
  std::vector<std::uint64_t> codes;
  for (const perf_event_attr& attr : group)
    if (hardware(attr)) codes.push_back(attr.config);
  return codes;
}

// The one PMC of 1 to 4 that `code` can be counted on; 0: several of them; more than 4: one of the fixed.
int only_pmc(PowerCpu cpu, std::uint64_t code) {
  int only = -1;
  for (const std::uint64_t alternative : alternatives(cpu, code)) {
    const auto wants = decode(cpu, alternative);
    if (!wants) continue;
    if (wants->pmc > 4) return wants->pmc;
    only = only == -1 || only == wants->pmc ? wants->pmc : 0;
  }
  return std::max(only, 0);
}

}  // namespace

int RuledOpener::try_open(const perf_event_attr& attr) { return fits({&attr, 1}) ? 0 : EINVAL; }

bool RuledOpener::fits(std::span<const perf_event_attr> group) { return group_fits(cpu_, codes_of(group)); }

std::string RuledOpener::why_not(std::span<const ResolvedEvent> group) const {
  std::vector<CodeName> codes;
  for (const ResolvedEvent& member : group)
    if (!member.event.software) codes.push_back({member.attr.config, member.event.label()});
  return group_refusal(cpu_, codes).value_or("");
}

FewestPossible RuledOpener::fewest_possible(std::span<const ResolvedEvent> events) const {
  std::array<int, 7> bound{};
  int programmable = 0;
  for (const ResolvedEvent& resolved : events) {
    const int pmc = only_pmc(cpu_, resolved.attr.config);
    ++bound[static_cast<std::size_t>(pmc)];
    programmable += pmc <= 4;
  }
  const auto most = std::max_element(bound.begin() + 1, bound.begin() + 5);
  const int by_room = (programmable + 3) / 4;
  if (*most >= by_room)
    return {std::max(*most, 1), fmt::format("{} events need PMC{}", *most, most - bound.begin())};
  return {by_room, fmt::format("{} events need PMC1 to PMC4", programmable)};
}

}  // namespace pw
