// SPDX-License-Identifier: GPL-3.0-or-later
// perfwatt list peaks.
#include "cli/list/list_peaks.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "machine/machine.h"
#include "options/options.h"
#include "options/report.h"
#include "peaks/measure_peaks.h"
#include "peaks/peak_store.h"
#include "report/text/text_layout.h"

namespace pw {
namespace {

constexpr double kQuiet = 0.8;  // the least median of repetitions, of the best

// What the clock was with as many threads.
const Peak* clock_of(const MachinePeaks& peaks, int threads) {
  const auto clock = std::ranges::find_if(
      peaks.peaks, [&](const Peak& one) { return one.quantity == kPeakClock && one.threads == threads; });
  return clock == peaks.peaks.end() ? nullptr : &*clock;
}

// Of a thread.
std::string per_cycle(const MachinePeaks& peaks, const Peak& peak) {
  const Peak* const clock = clock_of(peaks, peak.threads);
  if (!clock || peak.quantity == kPeakClock) return "";
  return fmt::format("{:.1f}", peak.best() / peak.threads / clock->best());
}

void print_peaks(const MachinePeaks& peaks, const std::vector<const Peak*>& shown) {
  fmt::print("{:<13} {:>7} {:>12} {:>7} {:>8}  {}\n", "peak", "threads", "best", "median", "a cycle", "how");
  for (const Peak* peak : shown)
    fmt::print("{:<13} {:>7} {:>12} {:>6.0f}% {:>8}  {}\n", printable(peak->quantity), peak->threads,
               si(peak->best()) + std::string(peak_unit(peak->quantity)), 100 * peak->median() / peak->best(),
               per_cycle(peaks, *peak), printable(peak->how));
  fmt::print("\n");
  for (const Fact& fact : peaks.conditions)
    fmt::print("{:<18} {}\n", printable(fact.key), printable(fact.value));
}

MachinePeaks measured(const Machine& machine) {
  note("measuring the peaks of this machine; what else runs now makes them less");
  MachinePeaks peaks = measure_peaks(Root(), machine, {}, [](std::string_view) {});
  for (const Peak* peak : {peaks.of_one(kPeakFp32), peaks.of_all(kPeakFp32)})
    if (peak && peak->median() < kQuiet * peak->best())
      warn(
          fmt::format("the repetitions of {} with {} differ by much (their median is {:.0f} % of the best): "
                      "other programs ran; measure again when the machine is quiet",
                      peak->quantity, plural(static_cast<std::size_t>(peak->threads), "thread"),
                      100 * peak->median() / peak->best()));
  return peaks;
}

int print_chosen(const MachinePeaks& peaks, const std::string& key, const std::string& pattern,
                 const PeakChoice& choice) {
  std::vector<const Peak*> shown;
  std::vector<std::string> names;
  for (const Peak& peak : peaks.peaks) {
    if (std::ranges::find(names, peak.quantity) == names.end()) names.push_back(peak.quantity);
    if (peak.quantity.find(pattern) != std::string::npos) shown.push_back(&peak);
  }
  if (shown.empty()) {
    const std::string meant = did_you_mean(pattern, names);
    return report_error({Failure::input, "no peak has '" + pattern + "' in its name", "list peaks",
                         meant.empty() ? "there are " + join(names, ", ") : meant});
  }
  MachinePeaks some{peaks.conditions, {}};
  for (const Peak* peak : shown) some.peaks.push_back(*peak);
  if (choice.json)
    fmt::print("{}", peaks_json(key, some));
  else
    print_peaks(peaks, shown);
  return 0;
}

int report_unmeasured(const std::string& key, const PeakChoice& choice) {
  if (choice.json)
    fmt::print("{}", peaks_json(key, {}));
  else
    fmt::print("none: they were not measured on this machine ({}): perfwatt list peaks --measure\n",
               printable(key));
  return 0;
}

}  // namespace

int list_peaks(const std::string& pattern, const PeakChoice& choice) {
  const Machine machine = describe_machine(Root());
  const std::string key = peaks_key_here(machine);
  if (choice.measure) {
    const MachinePeaks peaks = measured(machine);
    const Result<> saved = save_peaks(peaks_folder(), key, peaks);
    const int printed = print_chosen(peaks, key, pattern, choice);
    return saved ? printed : report_error(saved.error());
  }
  const Result<MachinePeaks> known = load_peaks(peaks_folder(), key);
  if (!known) return report_error(known.error());
  return known->empty() ? report_unmeasured(key, choice) : print_chosen(*known, key, pattern, choice);
}

}  // namespace pw
