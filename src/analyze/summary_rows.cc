// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/summary_rows.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "analyze/statistics/robust.h"
#include "model/main_channel.h"

namespace pw {
namespace {

void put_statistics(SummaryRow& row, const Statistics& value) {
  row.n = value.n;
  row.mean = value.mean;
  row.median = value.median;
  row.least = value.least;
  row.most = value.most;
  if (value.half_width) {
    row.ci95_low = value.mean - *value.half_width;
    row.ci95_high = value.mean + *value.half_width;
  }
  if (value.n < 2) return;
  row.deviation = value.deviation;
  if (value.mean != 0) row.cv = value.deviation / std::abs(value.mean);
}

std::optional<int> counted(const std::vector<std::size_t>& odd, std::size_t tests) {
  return tests < kLeastForOutliers ? std::nullopt : std::optional(static_cast<int>(odd.size()));
}

SummaryRow row_of(std::string quantity, std::string unit, std::optional<double> number) {
  SummaryRow row;
  row.quantity = std::move(quantity);
  row.unit = std::move(unit);
  row.mean = number;
  return row;
}

std::string doubt_of(const Measurand& one) {
  if (!one.reason.empty()) return one.reason;
  if (one.below_floor) return "not above what counting adds";
  if (one.series.least_coverage < 1)
    return fmt::format("counted {:.0f} % of the time", 100 * one.series.least_coverage);
  return "";
}

class Summary {
 public:
  explicit Summary(std::optional<double> items) : items_(items) {}

  void add(SummaryRow row) { rows_.push_back(std::move(row)); }

  void number(std::string quantity, std::string unit, double value) {
    add(row_of(std::move(quantity), std::move(unit), value));
  }

  // A number with the half-width of its 95 % interval.
  void number(std::string quantity, std::string unit, double value, double half_width) {
    SummaryRow row = row_of(std::move(quantity), std::move(unit), value);
    row.ci95_low = value - half_width;
    row.ci95_high = value + half_width;
    add(std::move(row));
  }

  void nothing(std::string quantity, std::string unit, std::string reason) {
    SummaryRow row = row_of(std::move(quantity), std::move(unit), {});
    row.status = kNoData;
    row.reason = std::move(reason);
    add(std::move(row));
  }

  // A row, and one each for the value per item and per second.
  void measurand(const Measurand& one, const std::string& prefix = "") {
    SummaryRow row = row_of(prefix + one.name, one.unit, {});
    if (one.value) put_statistics(row, *one.value);
    row.outliers = counted(one.odd, one.series.tests.size());
    row.status = one.status;
    row.reason = doubt_of(one);
    add(row);
    if (one.per_item) per_item(std::move(row), *one.per_item);
    if (one.per_second) number(prefix + one.name + "-per-second", one.unit, *one.per_second);
  }

  std::vector<SummaryRow> take() { return std::move(rows_); }

 private:
  // Items are the same in all tests: what has the row's unit is a part of the whole.
  void per_item(SummaryRow row, double mean) {
    row.quantity += "-per-item";
    row.mean = mean;
    for (std::optional<double> SummaryRow::*field :
         {&SummaryRow::ci95_low, &SummaryRow::ci95_high, &SummaryRow::median, &SummaryRow::least,
          &SummaryRow::most, &SummaryRow::deviation})
      if (row.*field) *(row.*field) /= *items_;
    add(std::move(row));
  }

  std::optional<double> items_;
  std::vector<SummaryRow> rows_;
};

void add_metric(Summary& summary, const Metric& metric) {
  SummaryRow row = row_of(metric.key, metric.unit, {});
  if (metric.value) {
    put_statistics(row, *metric.value);
    std::vector<double> values;
    for (const TestMetric& one : metric.tests) values.push_back(one.value);
    row.outliers = counted(odd_values(values), values.size());
    row.status = metric.scaled ? to_text(CountStatus::scaled) : kOk;
  } else {
    row.status = kNoData;
    row.reason = metric.why;
  }
  summary.add(std::move(row));
}

void add_run(Summary& summary, const RunAnalysis& run) {
  if (run.elapsed.name.empty()) return;
  summary.measurand(run.elapsed);
  if (run.items_per_second) summary.number("items-per-second", "/s", *run.items_per_second);
  for (const Measurand& one : run.usage) summary.measurand(one);
  for (const Measurand& one : run.given) summary.measurand(one);
  for (const Measurand& one : run.counters) summary.measurand(one);
  for (const Metric& one : run.metrics) add_metric(summary, one);
  for (const Measurand& one : run.captured) summary.measurand(one, "capture/");
}

void add_idle(Summary& summary, const std::string& prefix, const IdleLevels& idle) {
  for (const auto& [name, level] : {std::pair("idle-before", &idle.before), {"idle-after", &idle.after}}) {
    if (!*level) {
      summary.nothing(prefix + name, "W", "no level (--idle 0, or too few readings)");
      continue;
    }
    SummaryRow row = row_of(prefix + name, "W", (*level)->level.value);
    row.n = (*level)->samples;
    row.ci95_low = ((*level)->level - (*level)->uncertainty).value;
    row.ci95_high = ((*level)->level + (*level)->uncertainty).value;
    summary.add(std::move(row));
  }
  if (const auto drift = idle.drift())
    summary.number(prefix + "idle-drift", "%", 100 * *drift);
  else
    summary.nothing(prefix + "idle-drift", "%", "no idle level both before and after");
}

void add_channel(Summary& summary, const std::string& prefix, ChannelKind kind, const ChannelAnalysis& one) {
  add_idle(summary, prefix, one.idle);
  const ChannelValues& values = one.values;
  summary.measurand(values.mean, prefix);
  if (kind == ChannelKind::instantaneous) summary.measurand(values.peak, prefix);
  for (const Measurand* value :
       {&values.gross, &values.gross_error, &values.net, &values.net_error, &values.energy_delay})
    summary.measurand(*value, prefix);
  if (one.lag) summary.number(prefix + "lag", "s", one.lag->lag.value, one.lag->uncertainty.value);
}

// `counted`: the run came to its end, where the numbers of readings are written.
void add_source(Summary& summary, const PowerSource& source, const SamplerCost& cost, bool counted) {
  const std::string prefix = shown_name(source) + "/";
  const std::string uncounted = "the number of readings was not recorded";
  const auto count = [&](const char* name, std::int64_t value) {
    if (counted)
      summary.number(prefix + name, "", static_cast<double>(value));
    else
      summary.nothing(prefix + name, "", uncounted);
  };
  count("readings", source.reads);
  count("failed-readings", source.failures);
  count("missed-deadlines", source.missed);
  count("sessions-reopened", source.reconnects);
  count("unchanged-readings", source.repeats);
  if (cost.cpus)
    summary.number(prefix + "sampler-cpu", "%", 100 * *cost.cpus);
  else
    summary.nothing(prefix + "sampler-cpu", "%", counted ? "fewer than two readings" : uncounted);
  if (cost.watts) summary.number(prefix + "sampler-power", "W", cost.watts->value);
  if (source.reads > 0) {
    summary.number(prefix + "late-mean", "s", source.late_mean.value);
    summary.number(prefix + "late-most", "s", source.late_most.value);
  }
  if (source.renews) summary.number(prefix + "renewal", "s", to_seconds(*source.renews).value);
}

void add_check(Summary& summary, const CrossCheck& check) {
  const std::string prefix = fmt::format("{}/{}:{}/{}/", check.first_source, check.first_channel,
                                         check.second_source, check.second_channel);
  if (check.ratio) summary.number(prefix + "energy-ratio", "", *check.ratio);
  if (check.offset) summary.number(prefix + "idle-offset", "W", check.offset->value);
  if (check.lag) summary.number(prefix + "lag", "s", check.lag->value);
  summary.number(prefix + "compared", "", check.compared);
  summary.number(prefix + "agreeing", "", check.agreeing);
}

void add_power(Summary& summary, const Recording& recording, const PowerAnalysis& power) {
  if (recording.sources.empty()) summary.nothing("power", "W", why_no_power(recording));
  for (std::size_t i = 0; i < power.samplers.size(); ++i)
    add_source(summary, recording.sources[i], power.samplers[i],
               recording.ending != Ending::killed && !recording.under_way());
  for (std::size_t i = 0; i < power.channels.size(); ++i)
    add_channel(summary, channel_prefix(recording, i), recording.channels[i].kind, power.channels[i]);
  for (const CrossCheck& check : power.cross_checks) add_check(summary, check);
}

// The price of a processor unit, and what the tests took of it.
void add_share(Summary& summary, const Recording& recording, const PartitionShare& share) {
  const std::string prefix =
      fmt::format("{}/{}/", shown_name(recording.sources[share.source]), kPartitionChannel);
  if (!share.price) return summary.nothing(prefix + "unit-power", "W", share.reason);
  summary.number(prefix + "unit-power", "W", share.price->ours, share.price->half_width());
  for (const Measurand* one : {&share.values.mean, &share.values.gross, &share.values.gross_error,
                               &share.values.net, &share.values.net_error, &share.values.energy_delay})
    summary.measurand(*one, prefix);
}

}  // namespace

std::vector<SummaryRow> summary_rows(const Recording& recording, const RunAnalysis& run,
                                     const PowerAnalysis& power, std::span<const PartitionShare> shares) {
  Summary summary(recording.experiment.items);
  add_run(summary, run);
  add_power(summary, recording, power);
  for (const PartitionShare& share : shares) add_share(summary, recording, share);
  return summary.take();
}

}  // namespace pw
