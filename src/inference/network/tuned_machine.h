// SPDX-License-Identifier: GPL-3.0-or-later
// What the answers of a Tuner depend on.
#pragma once

#include <string>

#include "os/root.h"

namespace pw::inference {

// "AMD EPYC, oneDNN 2.6.3, OpenBLAS Cooperlake, 2 threads"
std::string tuned_machine(const Root& root, int threads);

}  // namespace pw::inference
