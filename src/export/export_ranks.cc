// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/export_ranks.h"

#include <algorithm>

#include "analyze/ranks/node_net.h"
#include "analyze/ranks/node_others.h"
#include "base/quantity.h"
#include "export/export_values.h"

namespace pw {
namespace {

struct RankRowOf {
  const Execution& execution;
  const RankRun& run;
  const RankPlace& place;  // unknown: all of it empty
};

template <class Use>
void for_ranks(const Recording& recording, const Use& use) {
  static const RankPlace unknown;
  for (const Execution& execution : recording.executions) {
    if (!execution.ranks || !execution.of_test()) continue;
    for (const RankRun& run : execution.ranks->ranks)
      use(RankRowOf{execution, run,
                    run.place < 0 ? unknown : recording.rank_places[static_cast<std::size_t>(run.place)]});
  }
}

template <class T>
std::optional<T> used(const RankRun& run, T RankUsage::*what) {
  return run.usage ? std::optional((*run.usage).*what) : std::nullopt;
}

std::optional<double> count_of(const Recording& recording, const RankRun& run, int event) {
  const auto reading = std::ranges::find(run.readings, event, &Reading::event);
  if (reading == run.readings.end()) return std::nullopt;
  return amount_of(recording.events[static_cast<std::size_t>(event)], *reading);
}

// Of the first event that has no count; what the state of the rank says is said there.
std::string why_uncounted_in(const RankRun& run) {
  for (const Reading& reading : run.readings)
    if (!scaled_value(reading) && !reading.reason.empty()) return reading.reason;
  return "";
}

}  // namespace

std::string rank_columns(const Recording& recording) {
  std::string columns =
      "variant,test,pass,rank,node,local_rank,cpus,numa,launcher,state,begin_unix_s,elapsed_s,user_s,sys_s,"
      "max_rss_kb,voluntary_switches,involuntary_switches,minor_faults,major_faults,exit_status,signal";
  for (const Event& event : recording.events) columns += "," + csv_field(printable(event.label()));
  return columns + ",reason";
}

void add_ranks(Csv& csv, const Recording& recording) {
  for_ranks(recording, [&](const RankRowOf& row) {
    const auto& [execution, run, place] = row;
    const auto& variants = recording.experiment.variants;
    csv.field(variants.empty() ? "" : variants[static_cast<std::size_t>(execution.variant)].label);
    csv.field(execution.test), csv.field(execution.pass), csv.field(run.rank);
    csv.field(place.node), csv.field(place.local_rank), csv.field(place.cpus), csv.field(place.numa);
    csv.field(place.launcher), csv.field(to_text(run.state));
    csv.field(run.begin_unix_s), csv.field(run.elapsed);
    csv.field(used(run, &RankUsage::user)), csv.field(used(run, &RankUsage::system));
    for (const auto count :
         {&RankUsage::max_rss_kb, &RankUsage::voluntary_switches, &RankUsage::involuntary_switches,
          &RankUsage::minor_faults, &RankUsage::major_faults})
      csv.field(used(run, count));
    csv.field(used(run, &RankUsage::exit_status)), csv.field(used(run, &RankUsage::signal));
    for (std::size_t event = 0; event < recording.events.size(); ++event)
      csv.field(count_of(recording, run, static_cast<int>(event)));
    csv.field(why_uncounted_in(run));
    csv.end_row();
  });
}

void add_node_powers(Csv& csv, const Recording& recording) {
  const NodeIdles idles(recording);
  OthersOnNodes others(recording);
  for_ranks(recording, [&](const RankRowOf& row) {
    if (row.run.power.empty()) return;
    const NodeOthers used = others.of(row.execution, row.run);
    for (const NodePower& power : row.run.power) {
      csv.field(row.execution.test), csv.field(row.execution.pass), csv.field(row.place.node);
      csv.field(power.source), csv.field(power.channel), csv.field(power.scope);
      csv.field(number_of(power.energy)), csv.field(number_of(power.uncertainty));
      for (const auto& watts : {power.mean, power.least, power.most}) csv.field(number_of(watts));
      csv.field(power.readings), csv.field(power.reason);
      const NodeNet net = idles.net(row.run, power);
      csv.field(number_of(net.energy)), csv.field(number_of(net.uncertainty));
      csv.field(number_of(net.idle)), csv.field(number_of(net.idle_uncertainty)), csv.field(net.reason);
      csv.field(number_of(used.busy)), csv.field(number_of(used.others)), csv.field(used.reason);
      csv.end_row();
    }
  });
}

void write_ranks(JsonWriter& json, const Recording& recording) {
  for_ranks(recording, [&](const RankRowOf& row) {
    const auto& [execution, run, place] = row;
    const auto counts = [&, &run = run] {
      json.array([&] {
        for (const Reading& reading : run.readings) {
          const Event& event = recording.events[static_cast<std::size_t>(reading.event)];
          json.object("event", event.label(), "unit", event.unit, "value", amount_of(event, reading),
                      "status", to_text(reading.status), "reason", reading.reason);
        }
      });
    };
    json.object("test", execution.test, "pass", execution.pass, "rank", run.rank, "node", place.node,
                "local_rank", place.local_rank, "cpus", place.cpus, "numa", place.numa, "launcher",
                place.launcher, "state", to_text(run.state), "begin_unix_s", run.begin_unix_s, "elapsed_s",
                number_of(run.elapsed), "user_s", number_of(used(run, &RankUsage::user)), "sys_s",
                number_of(used(run, &RankUsage::system)), "max_rss_kb", used(run, &RankUsage::max_rss_kb),
                "voluntary_switches", used(run, &RankUsage::voluntary_switches), "involuntary_switches",
                used(run, &RankUsage::involuntary_switches), "exit_status",
                used(run, &RankUsage::exit_status), "signal", used(run, &RankUsage::signal), "counts",
                counts);
  });
}

void write_rank_summary(JsonWriter& json, const RankAnalysis& ranks) {
  for (const RankQuantity& one : ranks.quantities) {
    const auto of = [&](auto value) { return one.spread ? std::optional(value(*one.spread)) : std::nullopt; };
    json.object("quantity", one.name, "unit", one.unit, "least",
                of([](const RankSpread& all) { return all.least.value; }), "least_rank",
                of([](const RankSpread& all) { return all.least.rank; }), "median",
                of([](const RankSpread& all) { return all.median; }), "mean",
                of([](const RankSpread& all) { return all.mean; }), "most",
                of([](const RankSpread& all) { return all.most.value; }), "most_rank",
                of([](const RankSpread& all) { return all.most.rank; }), "imbalance",
                one.spread ? one.spread->imbalance : std::nullopt, "apart", one.odd, "reason", one.reason);
  }
}

void write_node_energies(JsonWriter& json, const RankAnalysis& ranks) {
  for (const RankNode& node : ranks.nodes)
    json.object("node", node.name, "ranks", node.ranks, "sensor", node.sensor, "energy_j",
                number_of(node.energy), "uncertainty_j", number_of(node.uncertainty), "mean_w",
                number_of(node.power), "reason", node.reason, "net_j", number_of(node.net),
                "net_uncertainty_j", number_of(node.net_uncertainty), "idle_w", number_of(node.idle),
                "net_reason", node.gross_reason, "busy_cpu_s", number_of(node.busy), "other_cpu_s",
                number_of(node.others), "compared_executions", node.compared, "shared_executions",
                node.shared, "other_reason", node.others_reason);
}

void write_job_energy(JsonWriter& json, const RankAnalysis& ranks) {
  const JobEnergy& all = *ranks.energy;
  json.object("energy_j", number_of(all.energy), "uncertainty_j", number_of(all.uncertainty), "nodes",
              static_cast<int>(ranks.nodes.size()), "nodes_known", all.known, "lower_bound", all.lower_bound,
              "net_j", number_of(all.net), "net_uncertainty_j", number_of(all.net_uncertainty),
              "nodes_net_known", all.net_known, "net_lower_bound", all.net_lower_bound, "nodes_shared",
              all.shared);
}

}  // namespace pw
