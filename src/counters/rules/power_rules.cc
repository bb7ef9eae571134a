// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/rules/power_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace pw {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Shared::count)> kConflicts = {
    "want different L1 qualifiers",     "want different sampling modes",  "want different thresholds",
    "match different fabric responses", "want different L2/L3 selectors", "want different L2 groups",
    "want different radix scopes"};
constexpr std::size_t kProgrammable = 4;

struct Conflict {
  std::string_view what;  // "" where it is a PMC
  int pmc = 0;
  std::vector<std::size_t> members;  // one: it alone; more than two: too many
};

std::optional<Conflict> pair_conflict(const CodeWants& a, const CodeWants& b) {
  if (a.pmc != 0 && a.pmc == b.pmc) return Conflict{"", a.pmc, {}};
  for (std::size_t setting = 0; setting < a.shared.size(); ++setting)
    if (a.shared[setting] && b.shared[setting] && a.shared[setting] != b.shared[setting])
      return Conflict{kConflicts[setting], 0, {}};
  return std::nullopt;
}

// POWER9 sets its L2/L3 selector through PMC4: the first event of those units must be there.
std::optional<Conflict> selector_conflict(std::span<const CodeWants> group) {
  const auto first = std::ranges::find_if(group, &CodeWants::cache_unit);
  if (first == group.end() || first->pmc == 4) return std::nullopt;
  return Conflict{"is counted only behind an event of L2 or L3 on PMC4",
                  0,
                  {static_cast<std::size_t>(first - group.begin())}};
}

std::optional<Conflict> too_many(std::span<const CodeWants> group) {
  std::vector<std::size_t> programmable;
  for (std::size_t i = 0; i < group.size(); ++i)
    if (group[i].pmc <= static_cast<int>(kProgrammable)) programmable.push_back(i);
  if (programmable.size() <= kProgrammable) return std::nullopt;
  return Conflict{"need PMC1 to PMC4", 0, std::move(programmable)};
}

std::optional<Conflict> find_conflict(PowerCpu cpu, std::span<const CodeWants> group) {
  for (std::size_t b = 1; b < group.size(); ++b)
    for (std::size_t a = 0; a < b; ++a)
      if (auto conflict = pair_conflict(group[a], group[b])) {
        conflict->members = {a, b};
        return conflict;
      }
  if (cpu == PowerCpu::power9)
    if (auto conflict = selector_conflict(group)) return conflict;
  return too_many(group);
}

using Choices = std::vector<std::vector<CodeWants>>;

// Whether some choice of one of each fits; `group` holds those of the members before.
bool some_choice_fits(PowerCpu cpu, const Choices& choices, std::vector<CodeWants>& group) {
  if (find_conflict(cpu, group)) return false;
  if (group.size() == choices.size()) return true;
  for (const CodeWants& choice : choices[group.size()]) {
    group.push_back(choice);
    if (some_choice_fits(cpu, choices, group)) return true;
    group.pop_back();
  }
  return false;
}

// Nothing where a code cannot be counted at all.
std::optional<Choices> choices_of(PowerCpu cpu, std::span<const std::uint64_t> codes) {
  Choices choices;
  for (const std::uint64_t code : codes) {
    if (!decode(cpu, code)) return std::nullopt;
    choices.emplace_back();
    for (const std::uint64_t alternative : alternatives(cpu, code))
      if (const auto wants = decode(cpu, alternative)) choices.back().push_back(*wants);
  }
  return choices;
}

std::string in_words(const Conflict& conflict, std::span<const CodeName> group) {
  const auto name = [&](std::size_t i) -> const std::string& { return group[conflict.members[i]].name; };
  if (conflict.members.size() == 1) return fmt::format("{} {}", name(0), conflict.what);
  if (conflict.pmc) return fmt::format("{} and {} both need PMC{}", name(0), name(1), conflict.pmc);
  if (conflict.members.size() == 2) return fmt::format("{} and {} {}", name(0), name(1), conflict.what);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < conflict.members.size(); ++i) names.push_back(name(i));
  return fmt::format("{} events {}: {}", names.size(), conflict.what, join(names, ", "));
}

// Every member by its alternative that leaves PMC1 to PMC4 free, so that the words name what stands in the
// way.
std::vector<CodeWants> least_demanding(const Choices& choices) {
  std::vector<CodeWants> group;
  for (const std::vector<CodeWants>& choice : choices)
    group.push_back(
        *std::ranges::max_element(choice, {}, [](const CodeWants& wants) { return wants.pmc > 4; }));
  return group;
}

}  // namespace

bool group_fits(PowerCpu cpu, std::span<const std::uint64_t> codes) {
  const auto choices = choices_of(cpu, codes);
  std::vector<CodeWants> group;
  return choices && some_choice_fits(cpu, *choices, group);
}

std::optional<std::string> group_refusal(PowerCpu cpu, std::span<const CodeName> group) {
  std::vector<std::uint64_t> codes;
  for (const CodeName& member : group) {
    if (const auto wants = decode(cpu, member.code); !wants) return member.name + ": " + wants.error();
    codes.push_back(member.code);
  }
  if (group_fits(cpu, codes)) return std::nullopt;
  const auto conflict = find_conflict(cpu, least_demanding(*choices_of(cpu, codes)));
  if (conflict) return in_words(*conflict, group);
  return "no choice among the codes that count the same fits";
}

}  // namespace pw
