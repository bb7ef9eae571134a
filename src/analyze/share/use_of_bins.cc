// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/share/use_of_bins.h"

#include <algorithm>
#include <cmath>

#include "analyze/statistics/parts.h"
#include "analyze/statistics/robust.h"

namespace pw {
namespace {

constexpr Nanoseconds kApart{1'000'000'000};  // bins that are less so follow each other
constexpr double kLittle = 0.2;       // of a bin: what ran for less in it says little of its own level
constexpr std::size_t kResting = 20;  // bins nearest to the run tell how we rest

bool tells(const ServerBin& bin, std::size_t source) {
  return bin.source == static_cast<int>(source) && bin.watts && bin.ours && bin.partitions &&
         bin.end > bin.begin;
}

UsedBin used_bin(const Recording& recording, const ServerBin& bin) {
  UsedBin used;
  used.begin = bin.begin;
  used.end = bin.end;
  used.use.watts = bin.watts->value;
  used.use.ours = *bin.ours;
  const double serving = bin.virtual_io.value_or(0);  // for the partitions
  used.use.neighbours = std::max(0.0, *bin.partitions - *bin.ours - serving);
  for (const Execution& one : recording.executions) used.busy += common_seconds(used, one.begin, one.end);
  return used;
}

// The median of the bins nearest to the run in which it did not run.
double resting_level(const Recording& recording, const std::vector<UsedBin>& bins) {
  if (recording.executions.empty()) return 0;
  const Nanoseconds begin = recording.executions.front().begin, end = recording.executions.back().end;
  const auto away = [&](const UsedBin& bin) { return std::max(begin - bin.end, bin.begin - end); };
  std::vector<UsedBin> quiet;
  for (const UsedBin& bin : bins)
    if (bin.busy == 0) quiet.push_back(bin);
  std::ranges::stable_sort(quiet, {}, away);
  std::vector<double> levels;
  for (const UsedBin& bin : quiet)
    if (levels.size() < kResting) levels.push_back(bin.use.ours);
  return levels.empty() ? 0 : median(levels);
}

void split_levels(UsedBins& used) {
  double units = 0, seconds = 0;  // while it ran
  const auto running = [&](const UsedBin& bin) {
    return std::max(0.0, bin.use.ours * bin.seconds() - used.resting * (bin.seconds() - bin.busy));
  };
  for (const UsedBin& bin : used.bins)
    if (bin.busy > 0) units += running(bin), seconds += bin.busy, ++used.busy;
  if (seconds <= 0) return;
  double squares = 0;
  int told = 0;
  for (UsedBin& bin : used.bins) {
    const bool own = bin.busy >= kLittle * bin.seconds();
    bin.running = own ? running(bin) / bin.busy : units / seconds;
    if (own) squares += square(bin.running - units / seconds), ++told;
  }
  if (told > 1) used.spread = std::sqrt(squares / (told - 1));
}

}  // namespace

double common_seconds(const UsedBin& bin, Nanoseconds begin, Nanoseconds end) {
  return std::max(0.0, to_seconds(std::min(bin.end, end) - std::max(bin.begin, begin)).value);
}

UsedBins used_bins(const Recording& recording, std::size_t source) {
  UsedBins used;
  for (const ServerBin& bin : recording.server_bins) {
    if (!tells(bin, source)) continue;
    used.bins.push_back(used_bin(recording, bin));
    if (used.bins.size() > 1) {
      const Nanoseconds gap = bin.begin - used.bins[used.bins.size() - 2].end;
      used.bins.back().use.follows = gap < kApart && Nanoseconds{} - gap < kApart;
    }
  }
  used.resting = resting_level(recording, used.bins);
  split_levels(used);
  return used;
}

}  // namespace pw
