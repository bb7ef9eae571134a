// SPDX-License-Identifier: GPL-3.0-or-later
// One layer of a network again and again on its real input, so long that a slow sensor tells its energy.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "inference/network/network.h"

namespace pw::inference {

// Which layers `list` means: names with commas between, or "all". Errors: Failure::input, a name that no
// layer has.
Result<std::vector<std::size_t>> chosen_layers(const Network& network, std::string_view list);

struct Isolated {
  std::string name;
  long executions = 0;
  Nanoseconds time{};  // of all of them
};

// Runs the network up to that layer, then that layer alone until it has taken `seconds`, in regions
// `isolated/NAME` of equally many executions each, their items: on a fast CPU about a twentieth of a second.
Result<Isolated> isolate(Network& network, std::span<const float> pixels, std::size_t layer, Seconds seconds);

}  // namespace pw::inference
