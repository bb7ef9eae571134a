// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/share/share.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "analyze/share/use_of_bins.h"
#include "analyze/statistics/parts.h"
#include "base/text.h"

namespace pw {
namespace {

constexpr double kLeastCoverage = 0.99;
constexpr double kUnknowable = 0.35;  // of the price: so uncertain it says nothing
constexpr double kWanted = 0.25;
constexpr double kClockError = 0.5;  // s: HTTP's Date has whole seconds

// What one execution used of the bins that it ran in.
struct Used {
  double seconds = 0;  // that bins cover
  double units = 0;    // unit-seconds
  double gross = 0;    // J
  double bent = 0;     // J: how far the share's mean may be from the share of the means
  double moved = 0;    // J per W/unit: how the price moves `gross`
  double partial = 0;  // s², of bins in which it ran for a part
};

// Half the mean square of the steps to the bins beside it: the variance within, as far as it can be told.
double variance_within(const UsedBins& used, std::size_t k, double UseOfServer::*who) {
  double squares = 0;
  int steps = 0;
  const auto step = [&](std::size_t from, std::size_t to) {
    if (!used.bins[to].use.follows) return;
    squares += square(used.bins[to].use.*who - used.bins[from].use.*who);
    ++steps;
  };
  if (k > 0) step(k - 1, k);
  if (k + 1 < used.bins.size()) step(k, k + 1);
  return steps == 0 ? 0 : squares / steps / 2;
}

// W · ours / all is no straight line: half its second derivative by the neighbours' units, times their
// variance.
double bend(const UsedBins& used, std::size_t k, double watts, const Price& price) {
  const UsedBin& bin = used.bins[k];
  const double all = bin.running + bin.use.neighbours;
  const double second = 2 * bin.running / square(all) * (watts / all - price.neighbours);
  return std::abs(second) / 2 * variance_within(used, k, &UseOfServer::neighbours);
}

Used use_of(const UsedBins& used, const Execution& execution, const Price& price) {
  Used sum;
  for (std::size_t k = 0; k < used.bins.size(); ++k) {
    const UsedBin& bin = used.bins[k];
    const double seconds = common_seconds(bin, execution.begin, execution.end);
    const double all = bin.running + bin.use.neighbours;
    if (seconds <= 0 || all <= 0) continue;
    const double above = bin.running - bin.use.ours;  // of the bin's mean
    const double watts = bin.use.watts + price.ours * above;
    sum.seconds += seconds;
    sum.units += seconds * bin.running;
    sum.gross += seconds * watts * bin.running / all;
    sum.moved += seconds * above * bin.running / all;
    sum.bent += seconds * bend(used, k, watts, price);
    if (seconds < bin.seconds()) sum.partial += square(seconds);
  }
  return sum;
}

// 95 %, unit-seconds of one execution: what it used of bins that it had a part of, and by which clock.
double units_error(const UsedBins& used, const Used& one) {
  return std::hypot(kNormal95 * used.spread * std::sqrt(one.partial), one.units / one.seconds * kClockError);
}

// `price_error`: 95 %, W/unit. `told`: unit-seconds.
void fill(EnergyRow& row, const UsedBins& used, const Used& one, const Price& price, double price_error,
          const std::optional<double>& told) {
  const double units = units_error(used, one);
  row.gross = Joules{one.gross};
  row.mean = *row.gross / row.seconds;
  row.lasting = {std::hypot(one.moved * price_error, one.bent)};
  row.uncertainty = Joules{std::hypot(row.lasting.value, units * one.gross / one.units)};
  row.status = EnergyStatus::modelled;
  if (price_error > kUnknowable * price.ours) return;
  const double above = told.value_or(one.units) - used.resting * row.seconds.value;
  row.net = Joules{price.ours * above};
  row.net_lasting = {price_error * std::abs(above)};
  row.net_uncertainty = Joules{std::hypot(row.net_lasting.value, told ? 0 : price.ours * units)};
}

EnergyRow energy_row(const Recording& recording, const PartitionShare& share, const UsedBins& used,
                     const Execution& execution, const std::optional<double>& told) {
  const PowerSource& source = recording.sources[share.source];
  EnergyRow row;
  row.test = execution.test;
  row.pass = execution.pass;
  row.variant = execution.variant;
  row.source = shown_name(source);
  row.channel = kPartitionChannel;
  row.seconds = to_seconds(execution.end - execution.begin);
  const Used one = use_of(used, execution, *share.price);
  row.coverage = row.seconds.value > 0 ? std::min(1.0, one.seconds / row.seconds.value) : 0;
  if (row.coverage < kLeastCoverage || one.units <= 0) {
    row.reason = fmt::format("the console told of {:.1f} s of {:.1f} s", one.seconds, row.seconds.value);
    return row;
  }
  fill(row, used, one, *share.price, share.price->half_width(), told);
  if (!row.net) row.reason = share.reason;
  if (execution.items && *execution.items > 0) {
    row.gross_per_item = *row.gross / *execution.items;
    if (row.net) row.net_per_item = *row.net / *execution.items;
  }
  return row;
}

std::string too_little(const PartitionShare& share) {
  return fmt::format(
      "of {} bins of the console, {} with the command: what a processor unit costs needs eleven or more, of "
      "which some with the command and some without (--idle 120, tests of 3 minutes together)",
      share.bins, share.running);
}

std::string unknowable(const PartitionShare& share, double error) {
  const double minutes = share.running * square(error / (kWanted * std::abs(share.price->ours))) / 2;
  std::string text =
      fmt::format("a processor unit costs {:.3g} ± {:.2g} W: what other partitions do hides it",
                  share.price->ours, error);
  return share.price->ours > 0 && minutes < 24 * 60
             ? text + fmt::format("; tests of about {:.0f} minutes together would tell", std::ceil(minutes))
             : text;
}

void add_values(PartitionShare& share, const Recording& recording) {
  share.values = channel_values(recording, share.energy);
  for (Measurand* one :
       {&share.values.mean, &share.values.gross, &share.values.net, &share.values.energy_delay})
    if (one->value) one->status = to_text(EnergyStatus::modelled);
}

PartitionShare share_of(const Recording& recording, std::size_t source, const ExecutionValue& core_seconds) {
  PartitionShare share;
  share.source = source;
  const UsedBins used = used_bins(recording, source);
  std::vector<UseOfServer> rows;
  for (const UsedBin& bin : used.bins) rows.push_back(bin.use);
  share.bins = static_cast<int>(rows.size());
  share.running = used.busy;
  share.price = fit_price(rows);
  if (!share.price) {
    share.reason = too_little(share);
    return share;
  }
  const double error = share.price->half_width();
  if (error > kUnknowable * share.price->ours) share.reason = unknowable(share, error);
  for (const Execution& one : recording.executions)
    if (one.of_test()) share.energy.push_back(energy_row(recording, share, used, one, core_seconds(one)));
  add_values(share, recording);
  return share;
}

}  // namespace

std::vector<PartitionShare> partition_shares(const Recording& recording, const ExecutionValue& core_seconds) {
  std::vector<PartitionShare> shares;
  for (std::size_t i = 0; i < recording.sources.size(); ++i)
    if (std::ranges::any_of(recording.server_bins, [&](const ServerBin& bin) {
          return bin.source == static_cast<int>(i) && bin.ours.has_value();
        }))
      shares.push_back(share_of(recording, i, core_seconds));
  return shares;
}

PartitionShare share_of_variant(const PartitionShare& all, const Recording& view, int variant) {
  PartitionShare share = all;
  std::erase_if(share.energy, [&](const EnergyRow& row) { return row.variant != variant; });
  if (share.price) add_values(share, view);
  return share;
}

}  // namespace pw
