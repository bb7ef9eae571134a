// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/json_analysis.h"

#include "export/export_values.h"

namespace pw {
namespace {

void write_row(JsonWriter& json, const EnergyRow& row) {
  json.object("test", row.test, "pass", row.pass, "source", row.source, "channel", row.channel, "seconds",
              row.seconds.value, "gross_j", row.gross, "idle_w", row.idle, "net_j", row.net, "mean_w",
              row.mean, "peak_w", row.peak, "uncertainty_j", row.uncertainty, "net_uncertainty_j",
              row.net_uncertainty, "edp_js", energy_delay_product(row), "coverage", row.coverage,
              "gross_j_per_item", row.gross_per_item, "net_j_per_item", row.net_per_item, "status",
              to_text(row.status), "reason", row.reason);
}

}  // namespace

void write_summary(JsonWriter& json, std::span<const SummaryRow> rows) {
  for (const SummaryRow& row : rows)
    json.object("variant", row.variant, "quantity", row.quantity, "unit", row.unit, "n", row.n, "mean",
                row.mean, "ci95_low", row.ci95_low, "ci95_high", row.ci95_high, "median", row.median, "min",
                row.least, "max", row.most, "stddev", row.deviation, "cv", row.cv, "outliers", row.outliers,
                "status", row.status, "reason", row.reason);
}

void write_energy(JsonWriter& json, const Analysis& analysis) {
  const auto write_rows = [&](std::span<const EnergyRow> rows) {
    for (const EnergyRow& row : rows)
      if (row.test > 0) write_row(json, row);
  };
  for (const ChannelAnalysis& channel : analysis.power.channels) write_rows(channel.energy);
  for (const PartitionShare& share : analysis.shares) write_rows(share.energy);
}

void write_lags(JsonWriter& json, const PowerAnalysis& power) {
  for (const ChannelAnalysis& channel : power.channels)
    if (channel.lag)
      json.object("source", channel.validity.source, "channel", channel.validity.channel, "lag_s",
                  channel.lag->lag.value, "uncertainty_s", channel.lag->uncertainty.value);
}

void write_samplers(JsonWriter& json, const PowerAnalysis& power) {
  for (const SamplerCost& cost : power.samplers)
    json.object("source", cost.source, "cpus", cost.cpus, "watts_estimated", cost.watts);
}

void write_cross_checks(JsonWriter& json, std::span<const CrossCheck> checks) {
  for (const CrossCheck& check : checks)
    json.object("scope", check.scope, "first_source", check.first_source, "first_channel",
                check.first_channel, "second_source", check.second_source, "second_channel",
                check.second_channel, "ratio", check.ratio, "offset_w", check.offset, "lag_s", check.lag,
                "compared", check.compared, "agreeing", check.agreeing, "verdict", agreement(check));
}

void write_validity(JsonWriter& json, const PowerAnalysis& power) {
  for (const ChannelAnalysis& channel : power.channels) {
    const Validity& one = channel.validity;
    const auto rules = [&] {
      for (const RuleResult& rule : one.rules)
        json.object("rule", rule.rule, "verdict", to_text(rule.verdict), "finding", rule.finding);
    };
    json.object("source", one.source, "channel", one.channel, "verdict", to_text(one.verdict()), "rules",
                [&] { json.array(rules); });
  }
}

void write_counts(JsonWriter& json, const Recording& recording, const RegionRow& row) {
  for (const RegionEvent& one : row.counts) {
    const Event& event = recording.events[static_cast<std::size_t>(one.event)];
    json.object("event", event.label(), "unit", event.unit, "mean", mean_of(one.value), "ci95_low",
                edge_of(one.value, -1), "ci95_high", edge_of(one.value, 1), "own", mean_of(one.own),
                "per_call", one.per_call, "per_item", one.per_item, "share", one.share, "scaled", one.scaled,
                "beside_others", one.beside, "reason", one.why);
  }
}

void write_metrics(JsonWriter& json, const RegionRow& row) {
  for (const RegionMetric& one : row.metrics) {
    json.object("metric", one.key, "unit", one.unit, "mean", mean_of(one.value), "ci95_low",
                edge_of(one.value, -1), "ci95_high", edge_of(one.value, 1), "scaled", one.scaled,
                "beside_others", one.beside, "reason", one.why);
  }
}

void write_regions(JsonWriter& json, const Recording& recording, const RegionAnalysis& regions) {
  const auto known = [](double number) { return number > 0 ? std::optional(number) : std::nullopt; };
  for (const RegionRow& row : regions.rows) {
    const RegionWork& work = recording.regions[static_cast<std::size_t>(row.region)].work;
    const auto counts = [&] { json.array([&] { write_counts(json, recording, row); }); };
    const auto metrics = [&] { json.array([&] { write_metrics(json, row); }); };
    const std::optional<RegionRoof>& roof = row.roof;
    const auto of_roof = [&](auto part) { return roof ? std::optional(part(*roof)) : std::nullopt; };
    json.object("region", row.path, "depth", row.depth, "n", row.seconds->n, "seconds", row.seconds->mean,
                "ci95_low", edge_of(row.seconds, -1), "ci95_high", edge_of(row.seconds, 1), "own_seconds",
                row.own->mean, "calls", row.calls->mean, "items", row.items->mean, "threads", row.threads,
                "imbalance", row.imbalance, "mean_s", row.mean, "corrected_s", row.corrected, "share",
                row.share, "logged", row.logged, "p50_s", row.p50, "p99_s", row.p99, "below_floor",
                row.below_floor, "flops_per_call", known(work.flops), "bytes_per_call", known(work.bytes),
                "flops_per_s", row.flops, "intensity", row.intensity, "roof_flops_per_s",
                of_roof([](const RegionRoof& one) { return one.most; }), "roof_share",
                of_roof([](const RegionRoof& one) { return one.share; }), "roof_threads",
                of_roof([](const RegionRoof& one) { return one.threads; }), "roof_threads_how",
                roof ? roof->threads_how : "", "roof_number", roof ? roof->number : "", "bound",
                roof ? bound_text(*roof) : "", "how", work.how, "counts", counts, "metrics", metrics);
  }
}

// Of each region on each channel: of a test.
void write_region_energy(JsonWriter& json, const Recording& recording, const RegionAnalysis& regions) {
  for (const ChannelRegions& channel : regions.energy) {
    const auto regions_of = [&] {
      for (const RegionRow& row : regions.rows) {
        const RegionJoules& one = channel.regions[static_cast<std::size_t>(row.region)];
        const auto joules = [&](std::optional<Watts> watts) {
          return watts ? std::optional(watts->value * row.seconds->mean) : std::nullopt;
        };
        std::vector<std::string> merged;
        for (const int other : one.merged) merged.push_back(region_path(recording, other));
        json.object("region", row.path, "energy_how", to_text(one.how()), "gross_j", joules(one.gross),
                    "gross_uncertainty_j", joules(one.gross ? std::optional(one.uncertainty) : std::nullopt),
                    "net_j", joules(one.net), "net_uncertainty_j", joules(one.net_uncertainty), "merged",
                    merged, "reason", why_no_net(channel, one));
      }
    };
    const Channel& of = recording.channels[channel.channel];
    json.object("source", shown_name(recording.sources[static_cast<std::size_t>(of.source)]), "channel",
                of.name, "readings", channel.readings, "lag_s", channel.lag, "whole_j", channel.whole,
                "regions_j", channel.told, "outside_j", channel.outside, "untold_j", channel.untold,
                "regions", [&] { json.array(regions_of); });
  }
}

void write_findings(JsonWriter& json, std::span<const FindingOutcome> findings) {
  for (const FindingOutcome& one : findings)
    json.object("rule", one.rule, "title", one.title, "status", to_text(one.status), "text", one.text, "next",
                one.next, "source", one.source, "condition", one.condition);
}

}  // namespace pw
