// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/analysis.h"

#include <fmt/format.h>

#include <utility>

#include "analyze/ranks/node_energy.h"
#include "analyze/regions/region_metrics.h"
#include "analyze/series/partition.h"
#include "model/main_channel.h"

namespace pw {
namespace {

// By name: the first of a name counts. Captures are left out, for their names are the user's.
std::vector<const Measurand*> measurands_of(const RunAnalysis& run) {
  std::vector<const Measurand*> all = {&run.elapsed};
  for (const auto* list : {&run.usage, &run.given, &run.counters})
    for (const Measurand& one : *list) all.push_back(&one);
  return all;
}

// Of the executions that count, each between its idle windows.
std::optional<Watts> mean_idle(const std::vector<const EnergyRow*>& rows) {
  double sum = 0;
  for (const EnergyRow* const row : rows) {
    if (!row->idle) return std::nullopt;
    sum += row->idle->value;
  }
  return rows.empty() ? std::nullopt : std::optional(Watts{sum / static_cast<double>(rows.size())});
}

void add_own_net(RankNode& node, const ChannelValues& values, int tests) {
  if (!values.net.value || values.net.value->n < tests) {
    node.gross_reason = values.net.reason;
    if (const int known = values.net.value ? values.net.value->n : 0; known > 0)
      node.gross_reason = fmt::format("perfwatt run has a net energy of {} of {} tests", known, tests);
    else if (node.gross_reason.empty())
      node.gross_reason = "perfwatt run has no idle power of it";
    return;
  }
  const auto net = mean_of(values.net.value), error = mean_of(values.net_error.value);
  if (net) node.net = Joules{*net};
  if (error) node.net_uncertainty = Joules{*error};
}

// What was read here: of the node of perfwatt run.
RankNode own_node(const Recording& view, const PowerAnalysis& power) {
  RankNode node;
  const auto channel = main_channel(view);
  node.reason = channel ? "" : "perfwatt run found no power source";
  if (!channel) return node;
  const ChannelValues& values = power.channels[*channel].values;
  const Channel& own = view.channels[*channel];
  node.sensor = sensor_name(shown_name(source_of(view, own)), own.name, own.scope);
  node.whole = of_whole_machine(own.scope);
  const auto tests = static_cast<int>(elapsed_series(view).tests.size());
  if (values.gross.value && values.gross.value->n < tests) {
    node.reason = fmt::format("perfwatt run has it of {} of {} tests", values.gross.value->n, tests);
    return node;
  }
  if (const auto gross = mean_of(values.gross.value)) node.energy = Joules{*gross};
  if (const auto error = mean_of(values.gross_error.value)) node.uncertainty = Joules{*error};
  if (const auto mean = mean_of(values.mean.value)) node.power = Watts{*mean};
  if (!node.energy) node.reason = values.gross.reason;
  add_own_net(node, values, tests);
  if (node.net) node.idle = mean_idle(counted_rows(view, power.channels[*channel].energy));
  return node;
}

// Of a view, and what all variants have in common.
Analysis analysis_of(const Recording& view, PowerAnalysis power, std::vector<PartitionShare> shares,
                     const AnalysisOptions& options) {
  Analysis analysis;
  const MetricInputs inputs(view);
  analysis.run = analyze_run(view, inputs, options.bootstrap);
  analysis.power = std::move(power);
  analysis.shares = std::move(shares);
  analysis.regions = analyze_regions(view);
  if (options.region_metrics) add_metrics(analysis.regions.rows, view);
  analysis.ranks = analyze_ranks(view);
  if (analysis.ranks.size > 0) add_node_energies(analysis.ranks, view, own_node(view, analysis.power));
  if (options.region_energy) tell_energy(analysis.regions, region_joules(view, analysis.power));
  if (options.findings) analysis.findings = findings(view, inputs, measurands_of(analysis.run));
  if (options.rows) analysis.summary = summary_rows(view, analysis.run, analysis.power, analysis.shares);
  return analysis;
}

std::vector<PartitionShare> shares_of(const std::vector<PartitionShare>& all, const Recording& view,
                                      int variant) {
  std::vector<PartitionShare> shares;
  for (const PartitionShare& one : all) shares.push_back(share_of_variant(one, view, variant));
  return shares;
}

Analysis joined(const Recording& recording, std::vector<Analysis> variants) {
  Analysis all;
  for (std::size_t i = 0; i < variants.size(); ++i) {
    for (SummaryRow& row : variants[i].summary) row.variant = recording.experiment.variants[i].label;
    all.summary.insert(all.summary.end(), variants[i].summary.begin(), variants[i].summary.end());
  }
  all.run = variants.front().run;
  all.power = variants.front().power;
  all.shares = variants.front().shares;
  all.regions = variants.front().regions;
  all.ranks = variants.front().ranks;
  all.findings = variants.front().findings;
  all.variants = std::move(variants);
  return all;
}

}  // namespace

Analysis analyze(const Recording& recording, const AnalysisOptions& options) {
  PowerOfVariants power(recording, options.lines ? options.line_parts : 0);
  std::vector<PartitionShare> shares = partition_shares(
      recording, [&](const Execution& one) { return or_nothing(core_seconds(recording, one)); });
  if (recording.experiment.variants.empty())
    return analysis_of(recording, power.of(recording, 0), std::move(shares), options);
  VariantViews views(recording);
  std::vector<Analysis> variants;
  for (std::size_t i = 0; i < views.size(); ++i) {
    const Recording& view = views.of(i);
    const int variant = static_cast<int>(i);
    variants.push_back(analysis_of(view, power.of(view, variant), shares_of(shares, view, variant), options));
  }
  return joined(recording, std::move(variants));
}

}  // namespace pw
