// SPDX-License-Identifier: GPL-3.0-or-later
// Regions as folded stacks, which flamegraph.pl, inferno and speedscope read: a line each,
// "regions;predict;conv1 1234".
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/text.h"
#include "export/export.h"
#include "os/files/file_name.h"

namespace pw {
namespace {

constexpr std::string_view kRoot = "regions";

// What stands between frames, and before the number, stands in none.
std::string frame(const std::string& name) {
  std::string text = printable(name);
  std::ranges::replace(text, ';', ',');
  return text;
}

std::string stack_of(const Recording& recording, int region, const std::string& variant) {
  std::string stack;
  for (int at = region; at >= 0; at = recording.regions[static_cast<std::size_t>(at)].parent)
    stack = ";" + frame(region_name(recording.regions[static_cast<std::size_t>(at)])) + stack;
  return std::string(kRoot) + (variant.empty() ? "" : ";" + frame(variant)) + stack;
}

// By index of Recording::regions: what each has without those within it; 0 where that is not known.
using Weights = std::vector<double>;

Weights seconds_of(const Recording& recording, const Analysis& analysis) {
  Weights weights(recording.regions.size(), 0.0);
  for (const RegionRow& row : analysis.regions.rows)
    weights[static_cast<std::size_t>(row.region)] = row.own->mean;
  return weights;
}

Weights joules_of(const Recording& recording, const Analysis& analysis) {
  Weights weights(recording.regions.size(), 0.0);
  for (const RegionRow& row : analysis.regions.rows) {
    const auto at = static_cast<std::size_t>(row.region);
    const double joules = row.joules.value_or(0);
    weights[at] += joules;
    if (const int parent = recording.regions[at].parent; parent >= 0)
      weights[static_cast<std::size_t>(parent)] -= joules;
  }
  return weights;
}

// In the event's unit.
Weights counts_of(const Recording& recording, const Analysis& analysis, int event) {
  Weights weights(recording.regions.size(), 0.0);
  for (const RegionRow& row : analysis.regions.rows)
    for (const RegionEvent& one : row.counts)
      if (one.event == event && one.own) weights[static_cast<std::size_t>(row.region)] = one.own->mean;
  return weights;
}

using WeightsOf = std::function<Weights(const Recording&, const Analysis&)>;

// Whole numbers of so much.
Document document(const Recording& recording, const Analysis& analysis, std::string name, double unit,
                  const WeightsOf& weights_of) {
  const auto write = [&recording, &analysis, unit, weights_of](Output& out) {
    const auto& variants = recording.experiment.variants;
    for_each_variant(recording, analysis, [&](const Recording& view, const Analysis& one, std::size_t i) {
      const Weights weights = weights_of(view, one);
      for (std::size_t region = 0; region < weights.size(); ++region)
        if (const double count = std::round(weights[region] / unit); count >= 1)
          out.text() += fmt::format(
              "{} {:.0f}\n",
              stack_of(view, static_cast<int>(region), variants.empty() ? "" : variants[i].label), count);
    });
  };
  bool wanted = false;
  for_each_variant(recording, analysis, [&](const Recording& view, const Analysis& one, std::size_t) {
    wanted =
        wanted || std::ranges::any_of(weights_of(view, one), [&](double each) { return each / unit >= 0.5; });
  });
  return {std::move(name), std::string(kRoot), write, wanted};
}

}  // namespace

std::vector<Document> export_folded(const Recording& recording, const Analysis& analysis) {
  std::vector<Document> all = {document(recording, analysis, "regions-time.folded", 1e-6, seconds_of),
                               document(recording, analysis, "regions-energy.folded", 1e-3, joules_of)};
  for (std::size_t i = 0; i < recording.events.size(); ++i) {
    const Event& event = recording.events[i];
    all.push_back(document(recording, analysis, "regions-" + file_name(event.label()) + ".folded",
                           event.unit == "ns" ? 1e3 : 1,
                           [event = static_cast<int>(i)](const Recording& view, const Analysis& one) {
                             return counts_of(view, one, event);
                           }));
  }
  return all;
}

}  // namespace pw
