// SPDX-License-Identifier: GPL-3.0-or-later
// The most that a machine can do, as short kernels measured it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/experiment.h"

namespace pw {

// What they are called: operations of numbers of a kind, loads out of a level of the memory, and besides
// these memory-triad (STREAM's) and clock.
inline constexpr std::string_view kPeakFp64 = "fp64", kPeakFp32 = "fp32", kPeakBf16 = "bf16",
                                  kPeakInt8 = "int8", kPeakL1 = "L1", kPeakL2 = "L2", kPeakL3 = "L3",
                                  kPeakMemory = "memory", kPeakTriad = "memory-triad", kPeakClock = "clock";

// "op/s", "B/s" or "Hz".
std::string_view peak_unit(std::string_view quantity);

struct Peak {
  std::string quantity;
  int threads = 1;
  std::vector<double> rates;  // of each repetition, in its unit; at least one, each above 0
  std::string how;            // what computed it, on what: "AVX2+FMA, ..."

  double best() const;
  double median() const;
  bool operator==(const Peak&) const = default;
};

struct MachinePeaks {
  std::vector<Fact> conditions;  // under which they were measured: date, cpus, governor, ...
  std::vector<Peak> peaks;       // none: not known

  bool empty() const { return peaks.empty(); }
  // With one thread, and with the most threads that there are; null: not measured.
  const Peak* of_one(std::string_view quantity) const;
  const Peak* of_all(std::string_view quantity) const;
};

inline constexpr std::size_t kMostPeaks = 200, kMostRepetitions = 1000;

// As text: "fp32 2" and "1.9e+11 1.8e+11; AVX2+FMA, ...". What is none comes back as nothing.
Fact peak_fact(const Peak& peak);
std::optional<Peak> peak_of(const Fact& fact);

}  // namespace pw
