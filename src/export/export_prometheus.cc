// SPDX-License-Identifier: GPL-3.0-or-later
// The text format that Prometheus's node_exporter collects from files:
// https://prometheus.io/docs/instrumenting/exposition_formats/
#include <cmath>

#include "base/text.h"
#include "export/export.h"
#include "export/table_text.h"

namespace pw {
namespace {

constexpr std::string_view kPrometheusBegin =
    "# HELP perfwatt_recording_info What was measured, and by which version.\n";

std::string prometheus_label(std::string_view name, std::string_view value) {
  std::string text = std::string(name) + "=\"";
  for (const char c : printable(value)) {
    if (c == '\\' || c == '"') text += '\\';
    text += c;
  }
  return text + '"';
}

void write_info(Output& out, const Recording& recording) {
  out.text() += kPrometheusBegin;
  out.text() += "# TYPE perfwatt_recording_info gauge\n";
  out.text() +=
      fmt::format("perfwatt_recording_info{{{},{},{}}} 1\n", prometheus_label("version", recording.version),
                  prometheus_label("label", recording.experiment.label),
                  prometheus_label("command", join(recording.experiment.command, " ")));
  out.text() +=
      "# HELP perfwatt_recording_start_timestamp_seconds When it began.\n"
      "# TYPE perfwatt_recording_start_timestamp_seconds gauge\n";
  out.text() +=
      fmt::format("perfwatt_recording_start_timestamp_seconds {}\n", exact_number(recording.start_unix_s));
}

struct GaugeFamily {
  std::string_view name, help;
  std::optional<double> SummaryRow::*value;
};
constexpr GaugeFamily kFamilies[] = {
    {"perfwatt_quantity_mean", "Mean over the tests.", &SummaryRow::mean},
    {"perfwatt_quantity_mean_low", "Lower end of the mean's 95 % interval.", &SummaryRow::ci95_low},
    {"perfwatt_quantity_mean_high", "Upper end of the mean's 95 % interval.", &SummaryRow::ci95_high},
    {"perfwatt_quantity_median", "Median over the tests.", &SummaryRow::median},
};

// A quantity without a value has no sample: Prometheus knows no reason.
void write_gauge(Output& out, const GaugeFamily& family, const Analysis& analysis,
                 const std::string& recorded) {
  out.text() += fmt::format("# HELP {} {}\n# TYPE {} gauge\n", family.name, family.help, family.name);
  for (const SummaryRow& row : analysis.summary)
    if (const auto& value = row.*family.value; value && std::isfinite(*value))
      out.text() +=
          fmt::format("{}{{{},{},{},{}}} {}\n", family.name, prometheus_label("quantity", row.quantity),
                      prometheus_label("unit", row.unit), prometheus_label("variant", row.variant), recorded,
                      exact_number(*value));
}

}  // namespace

std::vector<Document> export_prometheus(const Recording& recording, const Analysis& analysis) {
  const auto write = [&](Output& out) {
    write_info(out, recording);
    const std::string recorded = prometheus_label("label", recording.experiment.label);
    for (const GaugeFamily& family : kFamilies) write_gauge(out, family, analysis, recorded);
  };
  return {{"perfwatt.prom", std::string(kPrometheusBegin), write}};
}

}  // namespace pw
