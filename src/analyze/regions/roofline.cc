// SPDX-License-Identifier: GPL-3.0-or-later
#include "analyze/regions/roofline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "base/text.h"

namespace pw {
namespace {

constexpr std::array kNumbers = {kPeakFp64, kPeakFp32, kPeakBf16, kPeakInt8};
constexpr std::string_view kCpuTime = "task-clock";
constexpr int kMostToldThreads = 1'000'000;
constexpr double kWaiting = 0.25;  // of a CPU that a thread of the team need not use

struct RoofThreads {
  int threads = 1;
  std::string how;
};

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '_')
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  return words;
}

// CPUs that the region used at once; nothing where that was not counted.
std::optional<double> cpus_used(const Recording& recording, const RegionRow& row) {
  for (const RegionEvent& one : row.counts)
    if (recording.events[static_cast<std::size_t>(one.event)].name == kCpuTime && one.why.empty() &&
        one.value && row.seconds->mean > 0)
      return one.value->mean * 1e-9 / row.seconds->mean;
  return std::nullopt;
}

RoofThreads threads_of(const Recording& recording, const RegionRow& row, const ToldRoof& told, int all) {
  if (told.threads) return {*told.threads, "told by the program"};
  if (const auto used = cpus_used(recording, row))
    return {std::clamp(static_cast<int>(std::ceil(std::min(*used, 1e6) - kWaiting)), 1, all),
            fmt::format("{:.2f} CPUs used (task-clock)", *used)};
  return {all, "not known: as many as there are"};
}

// Nothing: there is no such peak.
std::optional<RegionRoof> roof_of(const Recording& recording, const RegionRow& row, const RegionWork& work) {
  const ToldRoof told = told_roof(work.how);
  RegionRoof roof;
  roof.number = told.number.empty() ? kPeakFp32 : told.number;
  roof.told = !told.number.empty();
  const Peak* const all = recording.peaks.of_all(roof.number);
  if (!all) return std::nullopt;
  const RoofThreads threads = threads_of(recording, row, told, all->threads);
  roof.threads = threads.threads;
  roof.threads_how = threads.how;
  roof.most = *peak_of_threads(recording.peaks, roof.number, roof.threads);
  const auto memory = peak_of_threads(recording.peaks, kPeakMemory, roof.threads);
  if (row.intensity && memory && *memory * *row.intensity < roof.most) {
    roof.most = *memory * *row.intensity;
    roof.memory = true;
  }
  roof.share = *row.flops / roof.most;
  return roof;
}

}  // namespace

ToldRoof told_roof(std::string_view how) {
  ToldRoof told;
  const std::vector<std::string> words = words_of(how);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto number = std::ranges::find(kNumbers, words[i]);
    if (number != kNumbers.end() && told.number.empty()) told.number = *number;
    if (i == 0 || (words[i] != "thread" && words[i] != "threads")) continue;
    const auto threads = parse_integer(words[i - 1]);
    if (threads && *threads > 0 && *threads <= kMostToldThreads) told.threads = static_cast<int>(*threads);
  }
  return told;
}

std::optional<double> peak_of_threads(const MachinePeaks& peaks, std::string_view quantity, int threads) {
  const Peak *const one = peaks.of_one(quantity), *const all = peaks.of_all(quantity);
  if (!all) return std::nullopt;
  if (!one || threads >= all->threads) return all->best();
  return std::min(threads * one->best(), std::max(one->best(), all->best()));
}

RoofLines roof_lines(const std::vector<RegionRow>& rows, const MachinePeaks& peaks) {
  constexpr std::size_t kMostRoofs = 4;
  std::vector<const RegionRow*> under;
  for (const RegionRow& row : rows)
    if (row.roof && row.intensity) under.push_back(&row);
  std::ranges::stable_sort(under, std::greater<>(), [](const RegionRow* row) { return row->own->mean; });
  RoofLines lines;
  for (const RegionRow* row : under) {
    const RegionRoof& of = *row->roof;
    const Roof roof{of.number, of.threads, peak_of_threads(peaks, of.number, of.threads).value_or(of.most)};
    if (lines.roofs.size() < kMostRoofs && std::ranges::find(lines.roofs, roof) == lines.roofs.end())
      lines.roofs.push_back(roof);
  }
  if (lines.roofs.empty()) return lines;
  const int threads = lines.roofs.front().threads;
  for (const std::string_view level : {kPeakMemory, kPeakL3, kPeakL2, kPeakL1})
    if (const auto bytes = peak_of_threads(peaks, level, threads))
      lines.slopes.push_back({level, threads, *bytes});
  return lines;
}

std::string add_roofs(std::vector<RegionRow>& rows, const Recording& recording) {
  std::string why;
  for (RegionRow& row : rows) {
    if (!row.flops) continue;
    const RegionWork& work = recording.regions[static_cast<std::size_t>(row.region)].work;
    if (work.bytes > 0) row.intensity = work.flops / work.bytes;
    row.roof = roof_of(recording, row, work);
    if (row.roof || !why.empty()) continue;
    why = recording.peaks.empty()
              ? "the peaks of the machine are not in the recording: perfwatt list peaks --measure there, and "
                "record again"
              : "of the numbers that some compute with no peak was measured";
  }
  return why;
}

}  // namespace pw
