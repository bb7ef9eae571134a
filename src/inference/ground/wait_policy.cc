// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/ground/wait_policy.h"

#include <stdlib.h>
#include <unistd.h>

#include <string>

#include "inference/ground/pin.h"
#include "os/file.h"

namespace pw::inference {
namespace {

// Some 20 us, and what is longer than nearly all waits within a network. ResNet-50, 2 threads on 2 CPUs that
// others use too (load 14), medians of 20 in ms of two rounds: passive 81 and 215, 1000 spins 85 and 140,
// 10000 spins 352 and 228, libgomp's 300000 575 and 756. Undisturbed (real-time priority), the shortest of 20
// in three rounds: 33.9-35.1 with 1000, 33.4-34.0 with 10000. 60 photos on an idle machine, medians of five
// interleaved rounds in images/s: 10000 21.6, 30000 23.1, 100000 24.7, 300000 22.0.
constexpr int kFewSpins = 1000;
constexpr int kManySpins = 100000;

}  // namespace

int spins_for(int busy) { return busy > 0 ? kFewSpins : kManySpins; }

void spin_briefly(char** argv) {
  for (const char* name : {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT"})
    if (::getenv(name)) return;
  const auto program = program_path();
  if (program.empty() ||
      ::setenv("GOMP_SPINCOUNT", std::to_string(spins_for(busy_elsewhere(Root()))).c_str(), 1) != 0)
    return;
  ::execv(program.c_str(), argv);
}

}  // namespace pw::inference
