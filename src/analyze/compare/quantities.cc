// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/compare/quantities.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "analyze/ranks/rank_numbers.h"
#include "analyze/statistics/parts.h"

namespace pw {
namespace {

// What the tests' spread does not explain of the mean's interval.
double common_error(const Measurand& one) {
  if (!one.value || !one.value->half_width || one.value->mean == 0) return 0;
  const auto spread = statistics(one.series.values());
  const double own = spread ? spread->half_width.value_or(0) : 0;
  return std::sqrt(std::max(0.0, square(*one.value->half_width) - square(own))) / std::abs(one.value->mean);
}

std::string why_none(const Measurand& one) {
  if (one.value) return "it has no value of single tests: " + one.reason;
  return one.reason.empty() ? one.status : one.status + ": " + one.reason;
}

ComparableQuantity quantity_of(const Measurand& one, const std::string& prefix = "") {
  ComparableQuantity quantity;
  quantity.name = prefix + one.name;
  quantity.unit = one.unit;
  quantity.tests = one.series.tests;
  if (quantity.tests.empty()) quantity.why_none = why_none(one);
  return quantity;
}

std::string identity_of(const Event& event) {
  return (event.hardware_event.empty() ? event.name : event.hardware_event) + ", " +
         std::string(to_text(event.scope)) + (event.counted_on.empty() ? "" : ", " + event.counted_on);
}

class Quantities {
 public:
  explicit Quantities(const Explanation& one) : recording_(*one.recording), run_(one.analysis->run) {}

  void add_run() {
    ComparableQuantity elapsed = quantity_of(run_.elapsed);
    elapsed.better = Direction::lower;
    elapsed.of_execution = elapsed.first_hand = true;
    add_rate(elapsed);
    add(std::move(elapsed));
    for (const Measurand& one : run_.usage) {
      ComparableQuantity quantity = quantity_of(one);
      quantity.of_execution = one.unit == "s";
      add(std::move(quantity));
    }
  }

  void add_counters() {
    for (std::size_t i = 0; i < run_.counters.size(); ++i) {
      const Event& event = recording_.events[i];
      ComparableQuantity quantity = quantity_of(run_.counters[i]);
      quantity.of_execution = true;
      quantity.identity = identity_of(event);
      add(std::move(quantity));
    }
  }

  void add_metrics() {
    for (const Metric& metric : run_.metrics) {
      ComparableQuantity quantity;
      quantity.name = metric.key;
      quantity.unit = metric.unit;
      quantity.identity = metric.user_only ? "u" : "";
      quantity.why_none = metric.why;
      for (const TestMetric& one : metric.tests) quantity.tests.push_back({one.test, one.value, {}});
      add(std::move(quantity));
    }
  }

  void add_regions(const Recording& recording, const RegionAnalysis& regions) {
    for (const RegionRow& row : regions.rows) {
      ComparableQuantity quantity;
      quantity.name = kRegionPrefix + row.path;
      quantity.unit = "s";
      quantity.better = Direction::lower;
      quantity.of_execution = true;
      quantity.identity = recording.regions[static_cast<std::size_t>(row.region)].collector;
      quantity.tests = row.series.tests;
      add(std::move(quantity));
    }
  }

  // How even the ranks are, and the time of the slowest.
  void add_ranks() {
    for (RankSeries& one : rank_series(recording_)) {
      const std::string identity =
          one.event < 0 ? "" : identity_of(recording_.events[static_cast<std::size_t>(one.event)]);
      add_of_ranks(one.name + "/imbalance", "", std::move(one.imbalance), identity);
      if (one.unit != "s") continue;
      add_of_ranks(one.name + "/most", one.unit, std::move(one.most), identity);
      all_.back().of_execution = true;
    }
  }

  void add_captures() {
    for (const Measurand& one : run_.captured) add(quantity_of(one, "capture/"));
  }

  void add_energy(const ChannelValues& values, const std::string& prefix, const std::string& identity,
                  bool whole) {
    for (const Measurand* one : {&values.gross, &values.net, &values.mean}) {
      ComparableQuantity quantity = quantity_of(*one, prefix);
      quantity.error = common_error(*one);
      quantity.identity = identity;
      if (one != &values.mean) {
        quantity.better = Direction::lower;
        quantity.of_execution = true;
        quantity.first_hand = whole && one == &values.gross;
      }
      add(std::move(quantity));
    }
  }

  std::vector<ComparableQuantity> take() { return std::move(all_); }

 private:
  void add(ComparableQuantity quantity) { all_.push_back(std::move(quantity)); }

  void add_of_ranks(const std::string& name, const std::string& unit, Series series,
                    const std::string& identity) {
    ComparableQuantity quantity;
    quantity.name = kRanksPrefix + name;
    quantity.unit = unit;
    quantity.better = Direction::lower;
    quantity.identity = identity;
    quantity.tests = std::move(series.tests);
    if (quantity.tests.empty()) quantity.why_none = "in no execution that counts every rank has a value";
    add(std::move(quantity));
  }

  void add_rate(const ComparableQuantity& elapsed) {
    if (!recording_.experiment.items) return;
    ComparableQuantity rate = elapsed;
    rate.name = "items-per-second";
    rate.unit = "/s";
    rate.better = Direction::higher;
    rate.of_execution = rate.first_hand = false;
    rate.for_other_items = true;
    std::erase_if(rate.tests, [](const TestValue& seconds) { return seconds.value <= 0; });
    for (TestValue& one : rate.tests) one.value = *recording_.experiment.items / one.value;
    add(std::move(rate));
  }

  const Recording& recording_;
  const RunAnalysis& run_;
  std::vector<ComparableQuantity> all_;
};

}  // namespace

std::vector<ComparableQuantity> quantities_of(const Explanation& one) {
  Quantities all(one);
  const Recording& recording = *one.recording;
  all.add_run();
  for (std::size_t i = 0; i < recording.channels.size(); ++i) {
    const Channel& channel = recording.channels[i];
    const PowerSource& source = source_of(recording, channel);
    all.add_energy(one.analysis->power.channels[i].values, source.name + "/" + channel.name + "/",
                   channel.scope + (source.simulated ? ", simulated" : ""), channel.scope == kWholeMachine);
  }
  for (const PartitionShare& share : one.analysis->shares)
    all.add_energy(share.values,
                   recording.sources[share.source].name + "/" + std::string(kPartitionChannel) + "/",
                   "modelled", false);
  all.add_counters();
  if (one.analysis->ranks.size > 0) all.add_ranks();
  all.add_metrics();
  all.add_captures();
  all.add_regions(recording, one.analysis->regions);
  return all.take();
}

}  // namespace pw
