// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/redfish/history.h"

#include <algorithm>

#include "power/reader/limits.h"

namespace pw {
namespace {

constexpr std::size_t kMostItems = 1000;
// How long after its end the BMC may have read a record: it looks once a second, and stamps what it finds
// (openbmc/phosphor-power, power-supply/record_manager.cpp; 120 stamps of ibm-openbmc/dev#1815 lie 3,572 s
// apart instead of 3,570).
constexpr double kReadLate = 2;

constexpr Nanoseconds kHalf{kHistoryBin.value / 2};

const Json& items_of(const Json& metrics) {
  const Json& items = member(metrics, {"Oem", "IBM", "InputPowerHistoryItems"});
  return items.is_array() ? items : member(metrics, {"data", "Values"});
}

std::optional<double> watts_in(const Json& value) {
  if (!value.is_number()) return std::nullopt;
  const double watts = value.get<double>();
  if (!(watts >= 0 && watts <= kMostMachineWatts.value)) return std::nullopt;
  return watts;
}

std::optional<ToldTime> time_at(const Json& json, const char* name) {
  const Json& text = member(json, {name});
  return text.is_string() ? iso_date(text.get_ref<const std::string&>()) : std::nullopt;
}

// [ms, W]
std::optional<HistoryItem> pair_of(const Json& json) {
  constexpr double kMillisecond = 1e-3;
  if (json.size() != 2 || !json[0].is_number()) return std::nullopt;
  HistoryItem item{{json[0].get<double>() * kMillisecond, kMillisecond}, std::nullopt, 0};
  if (const auto watts = watts_in(json[1])) item.average = Watts{*watts};
  return item;
}

std::optional<HistoryItem> item_of(const Json& json) {
  if (json.is_array()) return pair_of(json);
  const auto told = time_at(json, "Date");
  if (!told) return std::nullopt;
  HistoryItem item;
  item.date = *told;
  if (const auto watts = watts_in(member(json, {"Average"}))) item.average = Watts{*watts};
  item.maximum = static_cast<float>(watts_in(member(json, {"Maximum"})).value_or(0));
  return item;
}

std::optional<PowerBin> bin_of(const HistoryItem& item, const ServiceClock& clock) {
  const auto end = clock.moment(item.date.unix_s - kReadLate, item.date.unix_s + item.date.step);
  if (!end) return std::nullopt;
  PowerBin bin{end->time - kHistoryBin, end->time, item.average};
  bin.most = item.maximum;
  bin.doubt = end->doubt;
  bin.stamp = static_cast<std::int64_t>(item.date.unix_s);
  return bin;
}

}  // namespace

bool has_input_history(const Json& metrics) { return items_of(metrics).is_array(); }

std::optional<ToldTime> manager_time(const Json& manager) { return time_at(manager, "DateTime"); }

std::vector<HistoryItem> input_history(const Json& metrics) {
  std::vector<HistoryItem> items;
  if (!has_input_history(metrics)) return items;
  for (const Json& json : items_of(metrics)) {
    if (items.size() == kMostItems) break;
    if (const auto item = item_of(json)) items.push_back(*item);
  }
  std::ranges::sort(items, {}, [](const HistoryItem& item) { return item.date.unix_s; });
  return items;
}

std::vector<PowerBin> SupplyHistories::take(std::size_t index, const std::vector<HistoryItem>& items,
                                            const ServiceClock& clock, Nanoseconds now) {
  Supply& supply = supplies_[index];
  std::vector<PowerBin> fresh;
  if (supply.forget) fresh = forget(supply, items, now);
  for (const HistoryItem& item : items) {
    const auto bin = bin_of(item, clock);
    if (!bin || bin->end < from_ || bin->end - bin->doubt > now || supply.old.contains(item.date.unix_s))
      continue;
    if (supply.latest && bin->end <= *supply.latest + kHalf) continue;
    supply.latest = bin->end;
    fresh.push_back(*bin);
  }
  supply.waiting.insert(supply.waiting.end(), fresh.begin(), fresh.end());
  return fresh;
}

// What was drawn until `now` is unknown.
std::vector<PowerBin> SupplyHistories::forget(Supply& supply, const std::vector<HistoryItem>& items,
                                              Nanoseconds now) {
  supply.forget = false;
  supply.old.clear();
  for (const HistoryItem& item : items) supply.old.insert(item.date.unix_s);
  if (!supply.latest) return {};
  const Nanoseconds end = std::max(now, *supply.latest + kHalf + Nanoseconds{1});
  supply.latest = end;
  return {{end - kHistoryBin, end, std::nullopt}};
}

void SupplyHistories::clock_was_set() {
  for (Supply& supply : supplies_) supply.forget = true;
}

std::vector<PowerBin> SupplyHistories::sums(Nanoseconds now) {
  std::vector<PowerBin> complete;
  for (auto end = first_end(); end && !may_be_told_still(*end, now); end = first_end()) {
    const PowerBin sum = take_sum(*end);
    begun_ = begun_ || sum.mean;  // before, supplies begin one after the other
    if (begun_) complete.push_back(sum);
  }
  return complete;
}

std::optional<Nanoseconds> SupplyHistories::first_end() const {
  std::optional<Nanoseconds> first;
  for (const Supply& supply : supplies_)
    if (!supply.waiting.empty())
      first = std::min(first.value_or(supply.waiting.front().end), supply.waiting.front().end);
  return first;
}

// By a supply, the bin that belongs to those that end at `end`.
bool SupplyHistories::may_be_told_still(Nanoseconds end, Nanoseconds now) const {
  const auto silent = [](const Supply& supply) { return supply.waiting.empty(); };
  return std::ranges::any_of(supplies_, silent) && now - end < kLongestWait;
}

// Of the bins that end within half a bin of the first.
PowerBin SupplyHistories::take_sum(Nanoseconds first) {
  PowerBin sum{{}, {}, Watts{0}};
  Nanoseconds last = first;
  for (Supply& supply : supplies_) {
    std::optional<Watts> mean;
    if (!supply.waiting.empty() && supply.waiting.front().end <= first + kHalf) {
      const PowerBin& bin = supply.waiting.front();
      last = std::max(last, bin.end);
      sum.doubt = std::max(sum.doubt, bin.doubt);
      sum.stamp = bin.stamp;
      sum.most += bin.most;  // they need not have been of one moment
      mean = bin.mean;
      supply.waiting.pop_front();
    }
    sum.mean = sum.mean && mean ? std::optional(*sum.mean + *mean) : std::nullopt;
  }
  sum.end = first + Nanoseconds{(last - first).value / 2};
  sum.begin = sum.end - kHistoryBin;
  sum.doubt += last - first;
  return sum;
}

}  // namespace pw
