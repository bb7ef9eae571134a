// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/wait_policy.h"

#include <stdlib.h>
#include <unistd.h>

#include "os/file.h"

namespace pw {
namespace {

// Some 20 us, which is longer than most waits for the other threads of a layer. ResNet-50, 2 threads on 2
// CPUs that others use too (load 14), medians of 20 in ms of two rounds: passive 81 and 215, 1000 spins 85
// and 140, 10000 spins 352 and 228, libgomp's 300000 575 and 756.
constexpr const char* kSpins = "1000";

}  // namespace

void spin_briefly(char** argv) {
  for (const char* name : {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT"})
    if (::getenv(name)) return;
  const auto program = program_path();
  if (program.empty() || ::setenv("GOMP_SPINCOUNT", kSpins, 1) != 0) return;
  ::execv(program.c_str(), argv);
}

}  // namespace pw
