// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of the summary for node_exporter's text-file collector.
#include <fmt/format.h>

#include "base/text.h"
#include "export/export.h"
#include "export/prometheus_text.h"

namespace pw {
namespace {

constexpr MetricFamily kInfo = {"perfwatt_recording_info", "What was measured, and by which version."};
constexpr MetricFamily kStart = {"perfwatt_recording_start_timestamp_seconds", "When it began."};

void write_info(Output& out, const Recording& recording) {
  put_family(out.text(), kInfo);
  put_sample(out.text(), kInfo.name,
             prometheus_label("version", recording.version) + "," +
                 prometheus_label("label", recording.experiment.label) + "," +
                 prometheus_label("command", join(recording.experiment.command, " ")),
             1);
  put_family(out.text(), kStart);
  out.text() += fmt::format("{} {}\n", kStart.name, exact_number(recording.start_unix_s));
}

struct SummaryFamily {
  MetricFamily family;
  std::optional<double> SummaryRow::*value;
};
constexpr SummaryFamily kFamilies[] = {
    {{"perfwatt_quantity_mean", "Mean over the tests."}, &SummaryRow::mean},
    {{"perfwatt_quantity_mean_low", "Lower end of the mean's 95 % interval."}, &SummaryRow::ci95_low},
    {{"perfwatt_quantity_mean_high", "Upper end of the mean's 95 % interval."}, &SummaryRow::ci95_high},
    {{"perfwatt_quantity_median", "Median over the tests."}, &SummaryRow::median},
};

// The labels of each row of the summary.
std::vector<std::string> labels_of(const Recording& recording, const Analysis& analysis) {
  std::vector<std::string> names;
  for (const SummaryRow& row : analysis.summary)
    names.push_back(row.variant.empty() ? row.quantity : row.variant + " " + row.quantity);
  const std::vector<std::string> unique = made_unique(names);
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < unique.size(); ++i) {
    const SummaryRow& row = analysis.summary[i];
    const bool alone = unique[i] == printable(names[i]);
    labels.push_back(prometheus_label("quantity", alone ? row.quantity : unique[i]) + "," +
                     prometheus_label("unit", row.unit) + "," + prometheus_label("variant", row.variant) +
                     "," + prometheus_label("label", recording.experiment.label));
  }
  return labels;
}

// A quantity without a value has no sample: Prometheus knows no reason.
void write_gauge(Output& out, const SummaryFamily& one, const Analysis& analysis,
                 const std::vector<std::string>& labels) {
  put_family(out.text(), one.family);
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (const auto& value = analysis.summary[i].*one.value)
      put_sample(out.text(), one.family.name, labels[i], *value);
}

}  // namespace

std::vector<Document> export_prometheus(const Recording& recording, const Analysis& analysis) {
  const auto write = [&](Output& out) {
    write_info(out, recording);
    const std::vector<std::string> labels = labels_of(recording, analysis);
    for (const SummaryFamily& family : kFamilies) write_gauge(out, family, analysis, labels);
  };
  std::string beginning;
  put_family(beginning, kInfo);
  return {{"perfwatt.prom", beginning.substr(0, beginning.find('\n') + 1), write}};
}

}  // namespace pw
