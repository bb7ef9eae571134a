// SPDX-License-Identifier: GPL-3.0-or-later
// The text format that Prometheus's node_exporter collects from files:
// https://prometheus.io/docs/instrumenting/exposition_formats/. It takes no timestamps there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pw {

// What every file of ours begins with.
inline constexpr std::string_view kPrometheusBeginning = "# HELP perfwatt_";

struct MetricFamily {
  std::string_view name, help;
  std::string_view type = "gauge";  // or "counter"
};

// name="value", of text from anywhere.
std::string prometheus_label(std::string_view name, std::string_view value);

// Of labels that are one text each, those that others have too get a number: a series that is there twice
// makes the whole file unusable.
std::vector<std::string> made_unique(std::vector<std::string> texts);

// HELP and TYPE, which come before the samples.
void put_family(std::string& text, const MetricFamily& family);

// `labels`: with commas between them. A value that is not finite is left out.
void put_sample(std::string& text, std::string_view name, std::string_view labels, double value);

}  // namespace pw
