// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/json_analysis.h"

namespace pw {
namespace {

Json energy_row(const EnergyRow& row) {
  return {{"test", row.test},
          {"pass", row.pass},
          {"source", row.source},
          {"channel", row.channel},
          {"seconds", row.seconds.value},
          {"gross_j", or_null(row.gross)},
          {"idle_w", or_null(row.idle)},
          {"net_j", or_null(row.net)},
          {"mean_w", or_null(row.mean)},
          {"peak_w", or_null(row.peak)},
          {"uncertainty_j", or_null(row.uncertainty)},
          {"net_uncertainty_j", or_null(row.net_uncertainty)},
          {"edp_js", row.gross ? Json(row.gross->value * row.seconds.value) : Json()},
          {"coverage", row.coverage},
          {"gross_j_per_item", or_null(row.gross_per_item)},
          {"net_j_per_item", or_null(row.net_per_item)},
          {"status", to_text(row.status)},
          {"reason", row.reason}};
}

}  // namespace

Json summary_json(std::span<const SummaryRow> rows) {
  Json all = Json::array();
  for (const SummaryRow& row : rows)
    all.push_back({{"variant", row.variant},
                   {"quantity", row.quantity},
                   {"unit", row.unit},
                   {"n", or_null(row.n)},
                   {"mean", or_null(row.mean)},
                   {"ci95_low", or_null(row.ci95_low)},
                   {"ci95_high", or_null(row.ci95_high)},
                   {"median", or_null(row.median)},
                   {"min", or_null(row.least)},
                   {"max", or_null(row.most)},
                   {"stddev", or_null(row.deviation)},
                   {"cv", or_null(row.cv)},
                   {"outliers", or_null(row.outliers)},
                   {"status", row.status},
                   {"reason", row.reason}});
  return all;
}

Json energy_json(const PowerAnalysis& power) {
  Json all = Json::array();
  for (const ChannelAnalysis& channel : power.channels)
    for (const EnergyRow& row : channel.energy)
      if (row.test > 0) all.push_back(energy_row(row));
  return all;
}

Json lags_json(const PowerAnalysis& power) {
  Json all = Json::array();
  for (const ChannelAnalysis& channel : power.channels)
    if (channel.lag)
      all.push_back({{"source", channel.validity.source},
                     {"channel", channel.validity.channel},
                     {"lag_s", channel.lag->lag.value},
                     {"uncertainty_s", channel.lag->uncertainty.value}});
  return all;
}

Json samplers_json(const PowerAnalysis& power) {
  Json all = Json::array();
  for (const SamplerCost& cost : power.samplers)
    all.push_back(
        {{"source", cost.source}, {"cpus", or_null(cost.cpus)}, {"watts_estimated", or_null(cost.watts)}});
  return all;
}

Json cross_checks_json(std::span<const CrossCheck> checks) {
  Json all = Json::array();
  for (const CrossCheck& check : checks)
    all.push_back({{"scope", check.scope},
                   {"first_source", check.first_source},
                   {"first_channel", check.first_channel},
                   {"second_source", check.second_source},
                   {"second_channel", check.second_channel},
                   {"ratio", or_null(check.ratio)},
                   {"offset_w", or_null(check.offset)},
                   {"lag_s", or_null(check.lag)},
                   {"compared", check.compared},
                   {"agreeing", check.agreeing},
                   {"verdict", agreement(check)}});
  return all;
}

Json validity_json(const PowerAnalysis& power) {
  Json all = Json::array();
  for (const ChannelAnalysis& channel : power.channels) {
    const Validity& one = channel.validity;
    Json rules = Json::array();
    for (const RuleResult& rule : one.rules)
      rules.push_back({{"rule", rule.rule}, {"verdict", to_text(rule.verdict)}, {"finding", rule.finding}});
    all.push_back({{"source", one.source},
                   {"channel", one.channel},
                   {"verdict", to_text(one.verdict())},
                   {"rules", rules}});
  }
  return all;
}

}  // namespace pw
