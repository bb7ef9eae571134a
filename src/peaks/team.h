// SPDX-License-Identifier: GPL-3.0-or-later
// Threads that do the same at the same time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include "base/result.h"
#include "base/units.h"

namespace pw {

// What a thread does `rounds` times.
using Rounds = std::function<void(std::int64_t rounds)>;
// For the thread of this number, which calls it, so that what it writes first lies beside it.
using MakeRounds = std::function<Rounds(std::size_t thread)>;

// Many short ones: on a busy machine some find all their CPUs free.
struct TeamTime {
  Seconds each{0.002};  // at least, of a repetition
  Seconds all{0.4};     // of all of them, but for the last
  int fewest = 5, most = 200;
};

// `per_round`: of a thread. Units a second of all threads together in each repetition: from the first begin
// to the last end. `cpus`: a thread on each; with `pinned` false they run where the kernel puts them. Errors
// (not_possible): threads that cannot be had, or cannot run there.
Result<std::vector<double>> run_team(const std::vector<int>& cpus, bool pinned, double per_round,
                                     const MakeRounds& make, const TeamTime& time = {});

}  // namespace pw
