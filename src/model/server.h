// SPDX-License-Identifier: GPL-3.0-or-later
// What a management console (HMC) tells of the server that a partition runs on.
#pragma once

#include <optional>

#include "base/units.h"

namespace pw {

// Means over [begin, end), CLOCK_MONOTONIC; also of times before the recording began. Processor units are
// whole cores' worth. What it did not tell is nothing.
struct ServerBin {
  int source = 0;  // index into Recording::sources
  Nanoseconds begin, end;
  std::optional<Watts> watts;        // of the whole server
  std::optional<double> ours;        // units that this partition used
  std::optional<double> partitions;  // that all used: ours and Virtual I/O Servers among them
  std::optional<double> virtual_io;  // Virtual I/O Servers
  std::optional<double> firmware;    // the hypervisor itself
  std::optional<double> total;       // units that the server has
};

}  // namespace pw
