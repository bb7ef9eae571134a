// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "os/root.h"

namespace pw {

// Which online CPUs (hardware threads) share a core and a socket.
struct Topology {
  std::vector<int> online;
  std::vector<int> cores;    // the first online CPU of each core
  std::vector<int> sockets;  // of each socket; none: not known
  int least_threads = 0;     // online threads of a core; 0: not known
  int most_threads = 0;
};

// One read per core and one per socket.
Topology read_topology(const Root& root);

}  // namespace pw
