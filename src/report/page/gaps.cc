// SPDX-License-Identifier: GPL-3.0-or-later
// What could not be measured and why, each reason once.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "report/page/page_parts.h"
#include "report/text/summary.h"

namespace pw {
namespace {

constexpr std::size_t kNamed = 20;  // of what shares a reason

// What shares a reason, in the order in which the reasons came.
class Gaps {
 public:
  void add(const std::string& reason, const std::string& what) {
    auto group = std::ranges::find(groups_, reason, &Group::reason);
    if (group == groups_.end()) group = groups_.insert(group, {reason, {}, 0});
    if (++group->count <= kNamed) group->named.push_back(what);
  }

  void write(JsonWriter& json) const {
    for (const Group& one : groups_) {
      const std::string rest = one.count > kNamed ? fmt::format(", and {} more", one.count - kNamed) : "";
      json.object("what", join(one.named, ", ") + rest, "why", one.reason);
    }
  }

 private:
  struct Group {
    std::string reason;
    std::vector<std::string> named;
    std::size_t count;
  };
  std::vector<Group> groups_;
};

void add_metrics(Gaps& groups, const RunAnalysis& run) {
  for (const Metric& metric : run.metrics)
    if (!metric.value)
      groups.add(metric.missing.empty()
                     ? metric.why
                     : fmt::format("{} (needs {})", metric.why, join(metric.missing, ", ")),
                 metric.name);
}

void add_captures(Gaps& groups, const RunAnalysis& run) {
  for (std::size_t i = 0; i < run.captures.size(); ++i)
    if (!run.captured[i].value) groups.add(run.captured[i].reason, "capture " + run.captures[i].name);
}

void add_energies(Gaps& groups, const Analysis& analysis) {
  for (const ChannelAnalysis& channel : analysis.power.channels)
    for (const EnergyRow& row : channel.energy)
      if (row.test > 0 && row.status != EnergyStatus::measured)
        groups.add(
            fmt::format("{}: {}", to_text(row.status), row.reason),
            fmt::format("energy of test {}, pass {} ({} {})", row.test, row.pass, row.source, row.channel));
}

void add_refusals(Gaps& groups, const Recording& recording) {
  if (recording.sources.empty()) return groups.add(why_no_power(recording), "power");
  for (const Note& note : recording.notes)
    if (note.kind == NoteKind::refusal) groups.add(note.text, "power");
}

void add_failures(Gaps& groups, const Recording& recording) {
  for (const Execution& one : recording.executions)
    if (one.failed())
      groups.add("failed, and left out of every statistic: " + how_it_failed(one),
                 one.warmup() ? "warm-up" : fmt::format("test {}, pass {}", one.test, one.pass));
}

}  // namespace

void write_gaps(JsonWriter& json, const Recording& recording, const Analysis& analysis) {
  Gaps groups;
  for (const Measurand& one : analysis.run.counters)
    if (!one.value) groups.add(one.status + ": " + one.reason, one.name);
  add_metrics(groups, analysis.run);
  add_captures(groups, analysis.run);
  add_refusals(groups, recording);
  add_energies(groups, analysis);
  add_failures(groups, recording);
  json.member("gaps", [&] { json.array([&] { groups.write(json); }); });
}

}  // namespace pw
