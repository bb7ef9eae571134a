// SPDX-License-Identifier: GPL-3.0-or-later
// What the command marked: times, energies, events and metrics by region.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analyze/regions/roofline.h"
#include "export/export_values.h"
#include "model/power.h"
#include "report/page/page_parts.h"

namespace pw {
namespace {

using ShownRows = std::vector<const RegionRow*>;

// Those that took longest, each with what it is within; in the order of the tree.
ShownRows shown_rows(const Recording& recording, const RegionAnalysis& regions) {
  ShownRows rows;
  for (const RegionRow& row : regions.rows) rows.push_back(&row);
  if (rows.size() <= kPageRegions) return rows;
  std::ranges::stable_sort(rows, std::greater<>(), [](const RegionRow* row) { return row->seconds->mean; });
  std::set<int> chosen;
  for (std::size_t i = 0; i < rows.size() && chosen.size() < kPageRegions; ++i)
    for (int at = rows[i]->region; at >= 0; at = recording.regions[static_cast<std::size_t>(at)].parent)
      chosen.insert(at);
  rows.clear();
  for (const RegionRow& row : regions.rows)
    if (chosen.contains(row.region)) rows.push_back(&row);
  return rows;
}

// In the order of the first row's, which each row has.
void write_counted(JsonWriter& json, const RegionRow& row) {
  const auto sign = [](bool scaled, bool beside) {
    return std::string(scaled ? "*" : "") + (beside ? "~" : "");
  };
  json.member("counts", [&] {
    json.array([&] {
      for (const RegionEvent& one : row.counts)
        json.object("mean", one.why.empty() ? mean_of(one.value) : std::nullopt, "sign",
                    sign(one.scaled, one.beside), "why", one.why);
    });
  });
  json.member("metrics", [&] {
    json.array([&] {
      for (const RegionMetric& one : row.metrics)
        json.object("mean", mean_of(one.value), "sign", sign(one.scaled, one.beside), "why", one.why);
    });
  });
}

void write_region(JsonWriter& json, const Recording& recording, const RegionRow& row) {
  const Region& region = recording.regions[static_cast<std::size_t>(row.region)];
  json.object([&] {
    json.member("path", row.path);
    json.member("name", region_name(region));
    json.member("depth", row.depth);
    json.member("collector", region.collector);
    json.member("calls", mean_of(row.calls));
    json.member("items", mean_of(row.items));
    json.member("seconds", mean_of(row.seconds));
    json.member("ci95_low", edge_of(row.seconds, -1));
    json.member("ci95_high", edge_of(row.seconds, 1));
    json.member("own", mean_of(row.own));
    json.member("share", row.share);
    json.member("mean_s", row.mean);
    json.member("p50_s", row.p50);
    json.member("p99_s", row.p99);
    json.member("below_floor", row.below_floor);
    json.member("joules", row.joules);
    json.member("joules_half", row.joules ? std::optional(row.joules_half_width) : std::nullopt);
    json.member("untold", row.joules_untold);
    json.member("flops", row.flops);
    json.member("intensity", row.intensity);
    json.member("roof_share", row.roof ? std::optional(row.roof->share) : std::nullopt);
    json.member("bound", row.roof ? bound_text(*row.roof) : "");
    json.member("how", region.work.how);
    write_counted(json, row);
  });
}

void write_roofs(JsonWriter& json, const Recording& recording, const RegionAnalysis& regions) {
  const RoofLines lines = roof_lines(regions.rows, recording.peaks);
  json.member("no_roofs", regions.no_roofs);
  json.member("roofs", [&] {
    json.array([&] {
      for (const Roof& one : lines.roofs)
        json.object("number", one.number, "threads", one.threads, "most", one.most);
    });
  });
  json.member("slopes", [&] {
    json.array([&] {
      for (const Slope& one : lines.slopes)
        json.object("level", one.level, "threads", one.threads, "bytes", one.bytes);
    });
  });
}

// What its columns are called, of which each row has one.
void write_columns(JsonWriter& json, const Recording& recording, const RegionAnalysis& regions) {
  json.member("events", [&] {
    json.array([&] {
      for (const RegionEvent& one : regions.rows.front().counts) {
        const Event& event = recording.events[static_cast<std::size_t>(one.event)];
        json.object("name", event.label(), "unit", event.unit);
      }
    });
  });
  json.member("metrics", [&] {
    json.array([&] {
      for (const RegionMetric& one : regions.rows.front().metrics)
        json.object("name", one.key, "unit", one.unit);
    });
  });
}

void write_energy_told(JsonWriter& json, const Recording& recording, const RegionAnalysis& regions) {
  json.member("energy", [&] {
    const ChannelRegions* const told = told_channel(regions.energy);
    if (!told) {
      json.value(std::nullopt);
      return;
    }
    const Channel& channel = recording.channels[told->channel];
    json.object("channel",
                shown_name(recording.sources[static_cast<std::size_t>(channel.source)]) + " " + channel.name,
                "whole_j", told->whole, "regions_j", told->told, "outside_j", told->outside, "untold_j",
                told->untold);
  });
}

}  // namespace

void write_regions(JsonWriter& json, const Recording& recording, const Analysis& analysis) {
  const RegionAnalysis& regions = analysis.regions;
  if (regions.rows.empty()) {
    json.member("regions", std::nullopt);
    return;
  }
  const auto all = [&] {
    json.member("all", regions.rows.size());
    json.member("threads", regions.threads);
    json.member("scope", regions.scope);
    json.member("mark_cost_s",
                regions.mark_cost ? std::optional(to_seconds(*regions.mark_cost)) : std::nullopt);
    write_columns(json, recording, regions);
    write_energy_told(json, recording, regions);
    write_roofs(json, recording, regions);
    json.member("rows", [&] {
      json.array([&] {
        for (const RegionRow* row : shown_rows(recording, regions)) write_region(json, recording, *row);
      });
    });
  };
  json.member("regions", [&] { json.object(all); });
}

}  // namespace pw
