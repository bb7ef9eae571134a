// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <span>

#include "base/text.h"
#include "export/csv_rows.h"
#include "export/export.h"
#include "export/export_ranks.h"
#include "export/export_values.h"
#include "model/columns.h"

namespace pw {
namespace {

constexpr const char* kSummaryColumns =
    "variant,quantity,unit,n,mean,ci95_low,ci95_high,median,min,max,stddev,cv,outliers,status,reason";
constexpr const char* kCounterColumns =
    "test,pass,event,hardware_event,scope,unit,value,enabled_ns,running_ns,coverage,status,reason";
constexpr const char* kEnergyColumns =
    "test,pass,source,channel,seconds,gross_j,idle_w,net_j,mean_w,peak_w,uncertainty_j,coverage,"
    "gross_j_per_item,net_j_per_item,status,reason,net_uncertainty_j,edp_js";
constexpr const char* kCrossCheckColumns =
    "scope,first_source,first_channel,second_source,second_channel,ratio,offset_w,lag_s,compared,agreeing,"
    "verdict";
constexpr const char* kServerColumns = "source,begin_s,end_s,watts,ours,partitions,virtual_io,firmware,total";
constexpr const char* kPartColumns = "test,pass,part,event,unit,value,enabled_ns,running_ns,status";
constexpr const char* kIntervalColumns = "test,pass,time_s,event,unit,value,enabled_ns,running_ns,status";

constexpr const char* kRegionColumns =
    "variant,test,pass,process,thread,region,collector,calls,items,seconds,own_seconds,net_j,net_uncertainty_"
    "j,"
    "energy_how,reason";

constexpr const char* kRegionMetricColumns =
    "region,metric,unit,n,mean,ci95_low,ci95_high,scaled,beside_others,reason";

std::string_view yes_no(bool value) { return value ? "yes" : "no"; }

std::string shell_line(const std::vector<std::string>& words) {
  std::vector<std::string> quoted;
  for (const std::string& word : words) quoted.push_back(shell_quoted(word));
  return join(quoted, " ");
}

void add_experiment(Csv& csv, const Experiment& experiment) {
  csv.row("tests", experiment.tests);
  csv.row("warmups", experiment.warmups);
  csv.row("directory", experiment.directory);
  csv.row("idle_s", experiment.idle);
  csv.row("pause_s", experiment.pause);
  csv.row("multiplex", yes_no(experiment.multiplex));
  csv.row("items", experiment.items);
  csv.row("cpus", experiment.cpus);
  csv.row("user", experiment.user);
  csv.row("timeout_s", experiment.timeout);
  if (!experiment.target.empty()) csv.row("target", experiment.target);
  if (!experiment.per.empty()) csv.row("per", experiment.per);
  if (experiment.interval) csv.row("interval_s", experiment.interval);
  if (experiment.delay) csv.row("delay_s", experiment.delay);
}

void add_variants(Csv& csv, const Experiment& experiment) {
  for (const Fact& fact : experiment.procedure) csv.row("procedure." + fact.key, fact.value);
  for (std::size_t i = 0; i < experiment.variants.size(); ++i) {
    const Variant& one = experiment.variants[i];
    csv.row(fmt::format("variant.{}.label", i), one.label);
    csv.row(fmt::format("variant.{}.command", i), shell_line(one.command));
  }
}

void add_sources(Csv& csv, const Recording& recording) {
  for (std::size_t i = 0; i < recording.sources.size(); ++i) {
    const PowerSource& source = recording.sources[i];
    const auto add = [&](std::string_view key, const auto& value) {
      csv.row(fmt::format("source.{}.{}", i, key), value);
    };
    add("name", source.name);
    add("address", source.address);
    add("simulated", yes_no(source.simulated));
    add_readings_of(source, add);
  }
}

void add_channels(Csv& csv, const Recording& recording) {
  for (std::size_t i = 0; i < recording.channels.size(); ++i) {
    const Channel& channel = recording.channels[i];
    const auto add = [&](std::string_view key, const auto& value) {
      csv.row(fmt::format("channel.{}.{}", i, key), value);
    };
    add("source", shown_name(source_of(recording, channel)));
    add("name", channel.name);
    add("scope", channel.scope);
    add("device", channel.device);
    add("averages_s", averages_s(channel));
  }
}

void add_notes(Csv& csv, const Recording& recording, NoteKind kind) {
  int number = 0;
  for (const Note& note : recording.notes)
    if (note.kind == kind) csv.row(fmt::format("{}.{}", to_text(kind), ++number), note.text);
}

void add_recording(Csv& csv, const Recording& recording) {
  csv.row("perfwatt_version", recording.version);
  csv.row("schema", kSchemaVersion);
  csv.row("label", recording.experiment.label);
  csv.row("command", shell_line(recording.experiment.command));
  csv.row("start_unix_s", recording.start_unix_s);
  csv.row("interrupted", yes_no(recording.interrupted()));
  csv.row("ending", to_text(recording.ending));
  csv.row("end_s", since_start(recording, recording.end));
  add_experiment(csv, recording.experiment);
  for (const Fact& fact : machine_and_cost(recording)) csv.row("machine." + fact.key, fact.value);
  for (const Fact& fact : recording.environment) csv.row("environment." + fact.key, fact.value);
  add_sources(csv, recording);
  add_notes(csv, recording, NoteKind::warning);
  add_notes(csv, recording, NoteKind::refusal);
  add_notes(csv, recording, NoteKind::notice);
  add_channels(csv, recording);
  add_variants(csv, recording.experiment);
}

std::string execution_columns(const Recording& recording) {
  std::string columns(kExecutionColumns[0]);
  for (const std::string_view column : std::span(kExecutionColumns).subspan(1))
    columns.append(",").append(column);
  for (const Capture& capture : recording.experiment.captures)
    columns += "," + csv_field(printable(capture.name));
  for (const std::string_view column : kGivenColumns) columns.append(",").append(column);
  return columns;
}

void add_executions(Csv& csv, const Recording& recording) {
  const auto of_command = [&](const auto& used) {
    return power_alone(recording.experiment) ? std::nullopt : std::optional(used);
  };
  for (const Execution& execution : recording.executions) {
    if (!execution.of_test()) continue;
    if (const auto& all = recording.experiment.variants; !all.empty())
      csv.rows_end_with(all[static_cast<std::size_t>(execution.variant)].label);
    csv.field(execution.test);
    csv.field(execution.pass);
    csv.field(since_start(recording, execution.begin));
    csv.field(since_start(recording, execution.end));
    csv.field(duration_s(execution.end - execution.begin));
    csv.field(of_command(execution.user));
    csv.field(of_command(execution.system));
    csv.field(of_command(execution.max_rss_kb));
    csv.field(execution.exit_status);
    csv.field(execution.items);
    for (std::size_t i = 0; i < recording.experiment.captures.size(); ++i)
      csv.field(i < execution.captures.size() ? execution.captures[i] : std::nullopt);
    for_given(recording, execution, [&](std::string_view, const auto& value) { csv.field(value); });
    csv.end_row();
  }
}

void add_counters(Csv& csv, const Recording& recording) {
  for_counter_rows(recording, [&](const CounterRow& row) {
    const auto of_reading = [&](auto get) -> std::optional<decltype(get(*row.reading))> {
      if (!row.reading) return std::nullopt;
      return get(*row.reading);
    };
    csv.row(row.test, row.pass, row.event->name, row.event->hardware_event, to_text(row.event->scope),
            row.event->unit, count_text(*row.event, row.reading),
            of_reading([](const Reading& reading) { return reading.enabled.value; }),
            of_reading([](const Reading& reading) { return reading.running.value; }),
            row.reading ? coverage_of(*row.reading) : std::nullopt, to_text(row.status), row.reason);
  });
}

void add_parts(Csv& csv, const Recording& recording) {
  for_part_rows(recording, [&](const DetailRow& row) {
    csv.row(row.test, row.pass, row.part, row.event->label(), row.event->unit,
            count_text(*row.event, &row.reading), row.reading.enabled.value, row.reading.running.value,
            to_text(row.reading.status));
  });
}

void add_intervals(Csv& csv, const Recording& recording) {
  for_interval_rows(recording, [&](const DetailRow& row) {
    csv.row(row.test, row.pass, row.time_s, row.event->label(), row.event->unit,
            count_text(*row.event, &row.reading), row.reading.enabled.value, row.reading.running.value,
            to_text(row.reading.status));
  });
}

std::string power_columns(const Recording& recording) {
  return std::string("time_s,read_s,source,channel,watts,joules,status") +
         (recording.interludes.empty() ? "" : ",during");
}

void add_samples(Csv& csv, const Recording& recording) {
  std::vector<std::string> channels;  // the columns `source,channel`
  for (const Channel& channel : recording.channels)
    channels.push_back(csv_field(printable(shown_name(source_of(recording, channel)))) + "," +
                       csv_field(printable(channel.name)));
  const auto number = [](const auto& quantity) { return quantity ? exact_number(quantity->value) : ""; };
  const bool marked = !recording.interludes.empty();
  for (const PowerSample& sample : recording.samples)
    fmt::format_to(std::back_inserter(csv.text()), "{},{},{},{},{},{}{}{}\n",
                   since_start(recording, sample.time), duration_s(sample.read),
                   channels[static_cast<std::size_t>(sample.channel)], number(sample.watts),
                   number(sample.joules), to_text(sample.status), marked ? "," : "",
                   marked ? around_at(recording, sample.time) : "");
}

void add_summary(Csv& csv, const Analysis& analysis) {
  for (const SummaryRow& row : analysis.summary)
    csv.row(row.variant, row.quantity, row.unit, row.n, row.mean, row.ci95_low, row.ci95_high, row.median,
            row.least, row.most, row.deviation, row.cv, row.outliers, row.status, row.reason);
}

void add_energy_rows(Csv& csv, std::span<const EnergyRow> rows) {
  for (const EnergyRow& row : rows)
    if (row.test > 0)
      csv.row(row.test, row.pass, row.source, row.channel, row.seconds, row.gross, row.idle, row.net,
              row.mean, row.peak, row.uncertainty, row.coverage, row.gross_per_item, row.net_per_item,
              to_text(row.status), row.reason, row.net_uncertainty, energy_delay_product(row));
}

void add_energy(Csv& csv, const Analysis& analysis) {
  for (const ChannelAnalysis& channel : analysis.power.channels) add_energy_rows(csv, channel.energy);
  for (const PartitionShare& share : analysis.shares) add_energy_rows(csv, share.energy);
}

void add_server(Csv& csv, const Recording& recording) {
  for (const ServerBin& bin : recording.server_bins)
    csv.row(shown_name(recording.sources[static_cast<std::size_t>(bin.source)]),
            since_start(recording, bin.begin), since_start(recording, bin.end), bin.watts, bin.ours,
            bin.partitions, bin.virtual_io, bin.firmware, bin.total);
}

std::string region_columns(const Recording& recording) {
  std::string columns = kRegionColumns;
  for (const Event& event : recording.events) columns += "," + csv_field(printable(event.label()));
  for (const Event& event : recording.events) columns += "," + csv_field("own " + printable(event.label()));
  return columns + ",count_scope,count_reason,flops,bytes,intensity,flops_per_s,roof_share,bound";
}

// By event; "" where a region has none.
std::vector<std::string> count_texts(const Recording& recording, const RegionTotalRow& row, bool own) {
  std::vector<std::string> texts(recording.events.size());
  for (const RegionCount& count : row.counts) {
    const auto event = static_cast<std::size_t>(count.event);
    const Reading reading = reading_of(*row.execution->regions, count, own ? count.own : count.value);
    texts[event] = count_text(recording.events[event], &reading);
  }
  return texts;
}

// Each once: why there is no count, or what else is in it.
std::string count_reasons(const RegionTotalRow& row) {
  std::vector<std::string> reasons;
  for (const RegionCount& count : row.counts) {
    if (count.reason < 0) continue;
    const std::string& one = row.execution->regions->reasons[static_cast<std::size_t>(count.reason)];
    if (std::ranges::find(reasons, one) == reasons.end()) reasons.push_back(one);
  }
  return join(reasons, "; ");
}

const Analysis& analysis_of(const Analysis& analysis, const Execution& execution) {
  return analysis.variants.empty() ? analysis
                                   : analysis.variants[static_cast<std::size_t>(execution.variant)];
}

// Net, of a thread's time in the region, on the channel that tells of regions.
void add_region_energy(Csv& csv, const Analysis& analysis, const RegionTotalRow& row) {
  const ChannelRegions* told = told_channel(analysis.regions.energy);
  if (!told && !analysis.regions.energy.empty()) told = &analysis.regions.energy.front();
  const RegionJoules* one = told ? &told->regions[static_cast<std::size_t>(row.total->region)] : nullptr;
  const double seconds = to_seconds(row.total->total).value;
  const auto joules = [&](std::optional<Watts> watts) {
    return watts ? std::optional(watts->value * seconds) : std::nullopt;
  };
  csv.field(joules(one ? one->net : std::nullopt));
  csv.field(joules(one ? one->net_uncertainty : std::nullopt));
  csv.field(one ? to_text(one->how()) : "");
  csv.field(one ? why_no_net(*told, *one) : "");
}

// By index of Recording::regions; null where the region has no row.
using RowsByRegion = std::vector<const RegionRow*>;

RowsByRegion rows_by_region(const RegionAnalysis& regions, std::size_t count) {
  RowsByRegion rows(count);
  for (const RegionRow& row : regions.rows) rows[static_cast<std::size_t>(row.region)] = &row;
  return rows;
}

std::optional<double> flops_per_s(const std::optional<double>& flops, const RegionTotal& total) {
  if (!flops || total.total.value <= 0) return {};
  return *flops * static_cast<double>(total.calls) / to_seconds(total.total).value;
}

// What an occurrence does, and beside the roof that the region has over the tests.
void add_region_roof(Csv& csv, const RowsByRegion& rows, const RegionTotalRow& row) {
  const auto known = [](double number) { return number > 0 ? std::optional(number) : std::nullopt; };
  const std::optional<double> flops = known(row.region->work.flops), bytes = known(row.region->work.bytes);
  const std::optional<double> rate = flops_per_s(flops, *row.total);
  const RegionRow* const of_tests = rows[static_cast<std::size_t>(row.total->region)];
  const RegionRoof* const roof = of_tests && of_tests->roof ? &*of_tests->roof : nullptr;
  csv.field(flops);
  csv.field(bytes);
  csv.field(flops && bytes ? std::optional(*flops / *bytes) : std::nullopt);
  csv.field(rate);
  csv.field(roof && rate ? std::optional(*rate / roof->most) : std::nullopt);
  csv.field(roof ? bound_text(*roof) : "");
}

void add_regions(Csv& csv, const Recording& recording, const Analysis& analysis) {
  std::map<const Analysis*, RowsByRegion> rows;
  for_region_rows(recording, [&](const RegionTotalRow& row) {
    const auto& variants = recording.experiment.variants;
    csv.field(variants.empty()
                  ? ""
                  : std::string_view(variants[static_cast<std::size_t>(row.execution->variant)].label));
    csv.field(row.execution->test);
    csv.field(row.execution->pass);
    csv.field(row.thread->process);
    csv.field(row.thread->thread);
    csv.field(row.path);
    csv.field(row.region->collector);
    csv.field(row.total->calls);
    csv.field(row.total->items);
    csv.field(duration_s(row.total->total));
    csv.field(duration_s(row.total->own));
    add_region_energy(csv, analysis_of(analysis, *row.execution), row);
    for (const bool own : {false, true})
      for (const std::string& text : count_texts(recording, row, own)) csv.field(text);
    csv.field(row.counts.empty() ? "" : recording.region_scope);
    csv.field(count_reasons(row));
    const Analysis& own = analysis_of(analysis, *row.execution);
    if (!rows.contains(&own)) rows[&own] = rows_by_region(own.regions, recording.regions.size());
    add_region_roof(csv, rows[&own], row);
    csv.end_row();
  });
}

void add_region_metrics(Csv& csv, const Analysis& analysis) {
  for (const RegionRow& row : analysis.regions.rows)
    for (const RegionMetric& one : row.metrics)
      csv.row(row.path, one.key, one.unit, one.value ? one.value->n : 0, mean_of(one.value),
              edge_of(one.value, -1), edge_of(one.value, 1), yes_no(one.scaled), yes_no(one.beside), one.why);
}

bool has_region_metrics(const Analysis& analysis) {
  const auto has = [](const Analysis& one) {
    return std::ranges::any_of(one.regions.rows, [](const RegionRow& row) { return !row.metrics.empty(); });
  };
  return has(analysis) || std::ranges::any_of(analysis.variants, has);
}

void add_states(Csv& csv, const Recording& recording) {
  for (const Execution& execution : recording.executions) {
    if (!execution.of_test()) continue;
    for (const Fact& fact : execution.before)
      csv.row(execution.test, execution.pass, "before", fact.key, fact.value);
    for (const Fact& fact : execution.after)
      csv.row(execution.test, execution.pass, "after", fact.key, fact.value);
  }
}

void add_cross_checks(Csv& csv, const Analysis& analysis) {
  for (const CrossCheck& check : analysis.power.cross_checks)
    csv.row(check.scope, check.first_source, check.first_channel, check.second_source, check.second_channel,
            check.ratio, check.offset, check.lag, check.compared, check.agreeing, agreement(check));
}

void add_validity(Csv& csv, const Analysis& analysis) {
  for (const ChannelAnalysis& channel : analysis.power.channels)
    for (const RuleResult& rule : channel.validity.rules)
      csv.row(channel.validity.source, channel.validity.channel, rule.rule, to_text(rule.verdict),
              rule.finding);
}

void add_findings(Csv& csv, const Analysis& analysis) {
  for (const FindingOutcome& one : analysis.findings)
    csv.row(one.rule, one.title, to_text(one.status), one.text, one.next, one.source, one.condition);
}

}  // namespace

std::vector<Document> export_csv(const Recording& recording, const Analysis& analysis) {
  const auto of_recording = [&](auto add) { return [add, &recording](Csv& csv) { add(csv, recording); }; };
  const auto of_variants = [&](auto add) {
    return [add, &recording, &analysis](Csv& csv) {
      for_each_variant(recording, analysis, [&](const Recording& view, const Analysis& one, std::size_t i) {
        if (!recording.experiment.variants.empty()) csv.rows_end_with(recording.experiment.variants[i].label);
        add(csv, view, one);
      });
    };
  };
  const auto of_views = [&](auto add) {
    return of_variants([add](Csv& csv, const Recording& view, const Analysis&) { add(csv, view); });
  };
  const auto of_analyses = [&](auto add) {
    return of_variants([add](Csv& csv, const Recording&, const Analysis& one) { add(csv, one); });
  };
  const auto columns = [&](std::string names) {
    if (!recording.experiment.variants.empty()) names.append(",").append(kVariantColumn);
    return names;
  };
  const bool has_parts = !recording.experiment.per.empty();
  const bool has_bins = !recording.server_bins.empty();
  const bool has_intervals = recording.experiment.interval.has_value();
  return {
      csv_document("recording.csv", "key,value", of_recording(add_recording)),
      csv_document("summary.csv", kSummaryColumns, [&](Csv& csv) { add_summary(csv, analysis); }),
      csv_document("executions.csv", columns(execution_columns(recording)), of_recording(add_executions)),
      csv_document("counters.csv", columns(kCounterColumns), of_views(add_counters)),
      csv_document("power.csv", power_columns(recording), of_recording(add_samples)),
      csv_document("energy.csv", columns(kEnergyColumns), of_analyses(add_energy)),
      csv_document("states.csv", columns("test,pass,when,key,value"), of_views(add_states)),
      csv_document("crosscheck.csv", columns(kCrossCheckColumns), of_analyses(add_cross_checks)),
      csv_document("validity.csv", columns("source,channel,rule,verdict,finding"), of_analyses(add_validity)),
      csv_document("findings.csv", columns("rule,title,status,text,next,source,condition"),
                   of_analyses(add_findings)),
      csv_document("parts.csv", columns(kPartColumns), of_views(add_parts), has_parts),
      csv_document("intervals.csv", columns(kIntervalColumns), of_views(add_intervals), has_intervals),
      csv_document("server.csv", kServerColumns, of_recording(add_server), has_bins),
      csv_document(
          "regions.csv", region_columns(recording), [&](Csv& csv) { add_regions(csv, recording, analysis); },
          !recording.regions.empty()),
      csv_document("region-metrics.csv", columns(kRegionMetricColumns), of_analyses(add_region_metrics),
                   has_region_metrics(analysis)),
      csv_document("ranks.csv", rank_columns(recording), of_recording(add_ranks), analysis.ranks.size > 0),
      csv_document("nodes.csv", columns(kNodePowerColumns), of_views(add_node_powers),
                   analysis.ranks.energy.has_value())};
}

}  // namespace pw
