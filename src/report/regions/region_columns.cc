// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/regions/region_columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "facts/metrics.h"
#include "model/names.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr Names<RegionQuantity, 19> kQuantities = {{{RegionQuantity::share, "share"},
                                                    {RegionQuantity::time, "time"},
                                                    {RegionQuantity::interval, "95%"},
                                                    {RegionQuantity::own, "own"},
                                                    {RegionQuantity::corrected, "corrected"},
                                                    {RegionQuantity::calls, "calls"},
                                                    {RegionQuantity::items, "items"},
                                                    {RegionQuantity::threads, "threads"},
                                                    {RegionQuantity::imbalance, "imbalance"},
                                                    {RegionQuantity::mean, "mean"},
                                                    {RegionQuantity::p50, "p50"},
                                                    {RegionQuantity::p99, "p99"},
                                                    {RegionQuantity::flops, "flop/s"},
                                                    {RegionQuantity::intensity, "intensity"},
                                                    {RegionQuantity::roof, "roof"},
                                                    {RegionQuantity::bound, "bound"},
                                                    {RegionQuantity::energy, "energy"},
                                                    {RegionQuantity::energy_per_call, "energy/call"},
                                                    {RegionQuantity::energy_per_item, "energy/item"}}};
constexpr Names<EventPart, 3> kBehind = {
    {{EventPart::per_call, "/call"}, {EventPart::per_item, "/item"}, {EventPart::share, "/share"}}};
constexpr std::string_view kOwn = "own:";

std::string seconds_text(const std::optional<double>& value) { return value ? amount(*value, "s") : ""; }

std::optional<double> share_of_roof(const RegionRow& row) {
  return row.roof ? std::optional(row.roof->share) : std::nullopt;
}

std::optional<double> joules_each(const RegionRow& row, const std::optional<Statistics>& of) {
  return row.joules && of && of->mean > 0 ? std::optional(*row.joules / of->mean) : std::nullopt;
}

// Of all, of a call or of an item; and half its interval in percent.
std::string energy_text(const RegionRow& row, const std::optional<double>& joules) {
  if (!row.joules) return row.joules_untold ? "?" : "";
  if (!joules) return "";
  const double percent = 100 * row.joules_half_width / *row.joules;
  return fmt::format("{} ±{:.{}f}%", amount(*joules, "J"), percent, percent < 10 ? 1 : 0);
}

// Takes what stands before or behind the name of the event.
EventPart take_part(std::string_view& word) {
  if (word.starts_with(kOwn)) {
    word.remove_prefix(kOwn.size());
    return EventPart::own;
  }
  for (const auto& [part, text] : kBehind)
    if (word.ends_with(text)) {
      word.remove_suffix(text.size());
      return part;
    }
  return EventPart::all;
}

std::string events_of(const Recording& recording) {
  std::vector<std::string> labels;
  for (const Event& event : recording.events) labels.push_back(printable(event.label()));
  return labels.empty()
             ? ""
             : ", or an event (" + join(labels, ", ") + "), own:EVENT, EVENT/call, EVENT/item, EVENT/share";
}

std::string metrics_of(const RegionAnalysis& regions) {
  std::vector<std::string> keys;
  if (!regions.rows.empty())
    for (const RegionMetric& one : regions.rows.front().metrics) keys.push_back(one.key);
  return keys.empty() ? "" : ", or a metric (" + join(keys, ", ") + ")";
}

// A metric of this CPU whose events were not counted; nothing where it is none.
std::optional<Error> uncounted_metric(const Recording& recording, std::string_view word) {
  const MetricList metrics = metrics_of_cpu(metrics_cpu(recording.machine));
  const MetricFact* const metric = metrics.find(word);
  if (!metric) return std::nullopt;
  std::vector<std::string> events;
  for (const MetricEvent& one : metric->events) events.push_back(one.event);
  return Error{
      Failure::input, "the regions have no " + metric->key, "--columns",
      fmt::format("it is made of {}: perfwatt run -M {} counts them", join(events, " and "), metric->key)};
}

Result<RegionColumn> column_of(const Recording& recording, const RegionAnalysis& regions,
                               std::string_view word) {
  if (const auto quantity = value_in(kQuantities, word))
    return RegionColumn{*quantity == RegionQuantity::interval ? "95 %" : std::string(word), *quantity};
  std::string_view name = word;
  const EventPart part = take_part(name);
  const auto found =
      std::ranges::find_if(recording.events, [&](const Event& one) { return one.label() == name; });
  if (found != recording.events.end())
    return RegionColumn{printable(word), RegionQuantity::event,
                        static_cast<int>(found - recording.events.begin()), part};
  if (const RegionColumn metric{printable(word), RegionQuantity::metric, -1, {}, std::string(word)};
      std::ranges::any_of(regions.rows, [&](const RegionRow& row) { return metric_in(row, metric); }))
    return metric;
  if (auto error = uncounted_metric(recording, word)) return tl::unexpected(std::move(*error));
  return fail(Failure::input, "no column '" + printable(word) + "'", "--columns",
              "share, time, 95%, own, corrected, calls, items, threads, imbalance, mean, p50, p99, flop/s, "
              "intensity, roof, bound, "
              "energy, energy/call, energy/item" +
                  events_of(recording) + metrics_of(regions));
}

std::optional<double> part_of(const RegionEvent& one, EventPart part) {
  switch (part) {
    case EventPart::own:
      return mean_of(one.own);
    case EventPart::per_call:
      return one.per_call;
    case EventPart::per_item:
      return one.per_item;
    case EventPart::share:
      return one.share;
    case EventPart::all:
      break;
  }
  return mean_of(one.value);
}

std::string event_text(const Recording& recording, const RegionRow& row, const RegionColumn& column) {
  const RegionEvent* const one = event_in(row, column);
  if (!one || !one->why.empty()) return "-";
  const std::optional<double> value = part_of(*one, column.part);
  if (!value) return "";
  const std::string& unit = recording.events[static_cast<std::size_t>(one->event)].unit;
  const std::string text = column.part == EventPart::share ? percent(value)
                           : unit == "ns"                  ? amount(*value * 1e-9, "s")
                                                           : amount(*value, unit);
  return text + (one->scaled ? "*" : "") + (one->beside ? "~" : "");
}

std::string metric_text(const RegionRow& row, const RegionColumn& column) {
  const RegionMetric* const one = metric_in(row, column);
  if (!one || !one->value) return "-";
  const std::string unit = one->unit.starts_with('%') ? " %" : "";
  return fmt::format("{:.4g}{}{}{}", one->value->mean, unit, one->scaled ? "*" : "", one->beside ? "~" : "");
}

}  // namespace

std::vector<RegionColumn> usual_columns(const RegionAnalysis& regions) {
  const bool energy =
      std::ranges::any_of(regions.rows, [](const RegionRow& row) { return row.joules.has_value(); });
  const bool flops =
      std::ranges::any_of(regions.rows, [](const RegionRow& row) { return row.flops.has_value(); });
  const bool roofs =
      std::ranges::any_of(regions.rows, [](const RegionRow& row) { return row.roof.has_value(); });
  const auto left_out = [&](RegionQuantity quantity) {
    switch (quantity) {
      case RegionQuantity::items:
      case RegionQuantity::threads:
      case RegionQuantity::imbalance:
      case RegionQuantity::corrected:
      case RegionQuantity::energy_per_call:
      case RegionQuantity::energy_per_item:
      case RegionQuantity::intensity:
      case RegionQuantity::bound:
        return true;
      case RegionQuantity::p99:
        return flops;
      case RegionQuantity::flops:
        return !flops;
      case RegionQuantity::roof:
        return !roofs;
      case RegionQuantity::own:
        return energy;
      case RegionQuantity::p50:
        return energy || roofs;
      case RegionQuantity::energy:
        return !energy;
      default:
        return false;
    }
  };
  std::vector<RegionColumn> columns;
  for (const auto& [quantity, title] : kQuantities)
    if (!left_out(quantity))
      columns.push_back({quantity == RegionQuantity::interval ? "95 %" : std::string(title), quantity});
  return columns;
}

Result<std::vector<RegionColumn>> region_columns(const Recording& recording, const RegionAnalysis& regions,
                                                 std::string_view list) {
  std::vector<RegionColumn> columns;
  for (const std::string& word : split(list, ',')) {
    Result<RegionColumn> column = column_of(recording, regions, trim(word));
    if (!column) return pass_on(column);
    columns.push_back(std::move(*column));
  }
  return columns;
}

bool is_ordered(const RegionColumn& column) {
  switch (column.quantity) {
    case RegionQuantity::corrected:
    case RegionQuantity::imbalance:
    case RegionQuantity::flops:
    case RegionQuantity::intensity:
    case RegionQuantity::roof:
    case RegionQuantity::energy:
    case RegionQuantity::energy_per_call:
    case RegionQuantity::energy_per_item:
    case RegionQuantity::event:
    case RegionQuantity::metric:
      return true;
    default:
      return false;
  }
}

std::optional<double> value_of(const RegionRow& row, const RegionColumn& column) {
  if (column.quantity == RegionQuantity::corrected) return row.corrected;
  if (column.quantity == RegionQuantity::imbalance) return row.imbalance;
  if (column.quantity == RegionQuantity::flops) return row.flops;
  if (column.quantity == RegionQuantity::intensity) return row.intensity;
  if (column.quantity == RegionQuantity::roof) return share_of_roof(row);
  if (column.quantity == RegionQuantity::energy) return row.joules;
  if (column.quantity == RegionQuantity::energy_per_call) return joules_each(row, row.calls);
  if (column.quantity == RegionQuantity::energy_per_item) return joules_each(row, row.items);
  if (const RegionMetric* const one = metric_in(row, column)) return mean_of(one->value);
  const RegionEvent* const one = event_in(row, column);
  return one && one->why.empty() ? part_of(*one, column.part) : std::nullopt;
}

const RegionEvent* event_in(const RegionRow& row, const RegionColumn& column) {
  const auto found = std::ranges::find(row.counts, column.event, &RegionEvent::event);
  return found == row.counts.end() ? nullptr : &*found;
}

const RegionMetric* metric_in(const RegionRow& row, const RegionColumn& column) {
  const auto found = std::ranges::find(row.metrics, column.key, &RegionMetric::key);
  return found == row.metrics.end() ? nullptr : &*found;
}

std::string cell_text(const Recording& recording, const RegionRow& row, const RegionColumn& column) {
  switch (column.quantity) {
    case RegionQuantity::share:
      return percent(row.share);
    case RegionQuantity::time:
      return amount(row.seconds->mean, "s");
    case RegionQuantity::interval:
      return interval(*row.seconds);
    case RegionQuantity::own:
      return amount(row.own->mean, "s");
    case RegionQuantity::corrected:
      return seconds_text(row.corrected);
    case RegionQuantity::calls:
      return amount(row.calls->mean, "");
    case RegionQuantity::items:
      return amount(row.items->mean, "");
    case RegionQuantity::threads:
      return row.threads ? amount(*row.threads, "") : "";
    case RegionQuantity::imbalance:
      return row.imbalance ? fmt::format("{:.2f}", *row.imbalance) : "";
    case RegionQuantity::mean:
      return seconds_text(row.mean) + (row.below_floor ? "!" : "");
    case RegionQuantity::p50:
      return seconds_text(row.p50);
    case RegionQuantity::p99:
      return seconds_text(row.p99);
    case RegionQuantity::flops:
      return row.flops ? amount(*row.flops, "") : "";
    case RegionQuantity::intensity:
      return row.intensity ? fmt::format("{:.4g}", *row.intensity) : "";
    case RegionQuantity::roof:
      return percent(share_of_roof(row));
    case RegionQuantity::bound:
      return row.roof ? std::string(bound_text(*row.roof)) : "";
    case RegionQuantity::energy:
      return energy_text(row, row.joules);
    case RegionQuantity::energy_per_call:
      return energy_text(row, joules_each(row, row.calls));
    case RegionQuantity::energy_per_item:
      return energy_text(row, joules_each(row, row.items));
    case RegionQuantity::metric:
      return metric_text(row, column);
    case RegionQuantity::event:
      break;
  }
  return event_text(recording, row, column);
}

}  // namespace pw
