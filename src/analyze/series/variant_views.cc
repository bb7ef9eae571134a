// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/series/variant_views.h"

#include <algorithm>

#include "base/text.h"

namespace pw {
namespace {

Execution without_output(const Execution& whole) {
  if (whole.failed()) return whole;
  Execution one;
  one.test = whole.test, one.pass = whole.pass, one.variant = whole.variant;
  one.begin = whole.begin, one.end = whole.end, one.user = whole.user, one.system = whole.system;
  one.max_rss_kb = whole.max_rss_kb;
  one.voluntary_switches = whole.voluntary_switches, one.involuntary_switches = whole.involuntary_switches;
  one.minor_faults = whole.minor_faults, one.major_faults = whole.major_faults;
  one.left_out = whole.left_out, one.items = whole.items, one.captures = whole.captures;
  one.readings = whole.readings, one.parts = whole.parts, one.intervals = whole.intervals;
  one.output_bytes = whole.output_bytes;
  one.regions = whole.regions;
  one.ranks = whole.ranks;
  one.before = whole.before, one.after = whole.after;
  return one;
}

}  // namespace

VariantViews::VariantViews(const Recording& whole)
    : whole_(whole), by_variant_(std::max<std::size_t>(whole.experiment.variants.size(), 1)) {
  if (whole.experiment.variants.empty()) return;
  for (const Execution& one : whole.executions)
    by_variant_[static_cast<std::size_t>(one.variant)].push_back(&one);
  static_cast<RecordingHeader&>(one_) = whole;
  one_.experiment.variants.clear();
  one_.regions = whole.regions;
  one_.rank_places = whole.rank_places;
  one_.node_idles = whole.node_idles;
  one_.windows = whole.windows;
  one_.interludes = whole.interludes;
  one_.notes = whole.notes;
  one_.ending = whole.ending;
  one_.end = whole.end;
}

const Recording& VariantViews::of(std::size_t variant) {
  if (whole_.experiment.variants.empty()) return whole_;
  const Experiment& experiment = whole_.experiment;
  const std::string what = experiment.label.empty() ? join(experiment.command, " ") : experiment.label;
  one_.experiment.command = experiment.variants[variant].command;
  one_.experiment.label = what + " (" + experiment.variants[variant].label + ")";
  one_.experiment.items = whole_.experiment.items;
  one_.executions.clear();
  for (const Execution* execution : by_variant_[variant]) {
    if (execution->items) one_.experiment.items = execution->items;
    one_.executions.push_back(without_output(*execution));
  }
  return one_;
}

}  // namespace pw
