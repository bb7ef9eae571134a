// SPDX-License-Identifier: GPL-3.0-or-later
// The summary's rows, and what has a value in each test over the tests.
#include <fmt/format.h>
#include <cstdint>

#include "base/text.h"
#include "export/json_analysis.h"
#include "model/main_channel.h"
#include "report/page/base64.h"
#include "report/page/key_figures.h"
#include "report/page/page_parts.h"

namespace pw {
namespace {

// `quantity` is that of the summary's row.
struct PageSeries {
  std::string quantity, group, unit, remark;
  std::vector<std::int32_t> tests;
  std::vector<double> values;
  std::vector<std::int32_t> odd;  // test numbers
};

PageSeries series_from(const Measurand& one, const std::string& prefix, const char* group) {
  PageSeries series{prefix + one.name, group, one.unit, "", {}, {}, {}};
  for (const TestValue& test : one.series.tests) {
    series.tests.push_back(test.test);
    series.values.push_back(test.value);
  }
  for (const std::size_t i : one.odd) series.odd.push_back(one.series.tests[i].test);
  return series;
}

PageSeries series_from(const Metric& metric) {
  PageSeries series{metric.key, "metric", metric.unit, metric.name, {}, {}, {}};
  for (const TestMetric& test : metric.tests) {
    series.tests.push_back(test.test);
    series.values.push_back(test.value);
  }
  for (const std::size_t i : odd_values(series.values)) series.odd.push_back(series.tests[i]);
  return series;
}

// What stands behind a count, and how it was counted.
std::string remark_of(const Event& event, const Measurand& count) {
  std::vector<std::string> parts;
  if (!event.hardware_event.empty()) parts.push_back(event.hardware_event);
  if (!event.meaning.empty()) parts.push_back(event.meaning);
  if (event.scope != Scope::both)
    parts.emplace_back(event.scope == Scope::user ? "user mode only" : "kernel only");
  if (!event.counted_on.empty()) parts.push_back(event.counted_on);
  if (count.below_floor) parts.emplace_back("not above what counting adds");
  if (count.series.least_coverage < 1)
    parts.push_back(fmt::format("scaled, counted {:.0f} % of the time", 100 * count.series.least_coverage));
  return join(parts, "; ");
}

void write_one(JsonWriter& json, const PageSeries& one) {
  if (one.tests.empty()) return;
  json.object("quantity", one.quantity, "group", one.group, "unit", one.unit, "remark", one.remark, "tests",
              base64_of<std::int32_t>(one.tests), "values", base64_of<double>(one.values), "odd", one.odd);
}

void write_run(JsonWriter& json, const Recording& recording, const RunAnalysis& run) {
  write_one(json, series_from(run.elapsed, "", "time"));
  for (const Measurand& one : run.usage) write_one(json, series_from(one, "", "time"));
  for (const Measurand& one : run.given) write_one(json, series_from(one, "", "time"));
  for (std::size_t i = 0; i < run.counters.size(); ++i) {
    PageSeries series = series_from(run.counters[i], "", "counter");
    series.remark = remark_of(recording.events[i], run.counters[i]);
    write_one(json, series);
  }
  for (const Metric& one : run.metrics) write_one(json, series_from(one));
  for (const Measurand& one : run.captured) write_one(json, series_from(one, "capture/", "captured"));
}

void write_values(JsonWriter& json, const ChannelValues& values, const std::string& prefix) {
  for (const Measurand* one : {&values.gross, &values.net, &values.gross_error, &values.net_error})
    write_one(json, series_from(*one, prefix, "energy"));
  for (const Measurand* one : {&values.mean, &values.peak, &values.energy_delay})
    write_one(json, series_from(*one, prefix, "power"));
}

void write_energies(JsonWriter& json, const PageRecording& one) {
  for (std::size_t i = 0; i < one.analysis.power.channels.size(); ++i)
    write_values(json, one.analysis.power.channels[i].values, channel_prefix(one.recording, i));
  for (const PartitionShare& share : one.analysis.shares)
    write_values(json, share.values,
                 fmt::format("{}/{}/", shown_name(one.recording.sources[share.source]), kPartitionChannel));
}

}  // namespace

void write_quantities(JsonWriter& json, const PageRecording& one) {
  json.member("summary", [&] { json.array([&] { write_summary(json, one.analysis.summary); }); });
  json.member("series", [&] {
    json.array([&] {
      write_run(json, one.recording, one.analysis.run);
      write_energies(json, one);
    });
  });
  json.member("energy", [&] { json.array([&] { write_energy(json, one.analysis); }); });
}

}  // namespace pw
