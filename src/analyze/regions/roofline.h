// SPDX-License-Identifier: GPL-3.0-or-later
// Regions beside what their machine can do at most: S. Williams, A. Waterman, D. Patterson: Roofline, CACM 52
// (2009) 4.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyze/regions/region_row.h"
#include "model/peaks.h"
#include "model/recording.h"

namespace pw {

// What a program says among `how` it computes: a word fp64, fp32, bf16 or int8, and "1 thread", "8 threads".
struct ToldRoof {
  std::string_view number;  // kPeakFp32, ...; "": not told
  std::optional<int> threads;
};
ToldRoof told_roof(std::string_view how);

// Of so many threads: one thread's so many times, at most what all threads reached. Nothing: not measured.
std::optional<double> peak_of_threads(const MachinePeaks& peaks, std::string_view quantity, int threads);

// What can be computed, and what each level of the memory delivers, of so many threads.
struct Roof {
  std::string_view number;  // kPeakFp32, ...
  int threads = 1;
  double most = 0;  // operations a second
  bool operator==(const Roof&) const = default;
};
struct Slope {
  std::string_view level;  // kPeakMemory, ...
  int threads = 1;
  double bytes = 0;  // a second
};

// What a picture of the regions shows above them: the roofs of those that took most by themselves, at most
// four, and the slopes of the first roof's threads, the least first. Nothing where no region has a roof.
struct RoofLines {
  std::vector<Roof> roofs;
  std::vector<Slope> slopes;
};
RoofLines roof_lines(const std::vector<RegionRow>& rows, const MachinePeaks& peaks);

// Into RegionRow::intensity and RegionRow::roof, by row: flops and counts are there. Returns why those whose
// work is known have no roof; "": they have, or there are none.
std::string add_roofs(std::vector<RegionRow>& rows, const Recording& recording);

}  // namespace pw
