// SPDX-License-Identifier: GPL-3.0-or-later
// The power sources that there are, and those that a run uses.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "power/reader/power_kind.h"
#include "power/reader/power_reader.h"

namespace pw {

// In the order in which they are tried where none is named.
std::span<const PowerKind> power_kinds();

struct OpenedPower {
  std::vector<std::unique_ptr<PowerReader>> readers;
  std::vector<std::string> refusals;  // of sources that were only tried
};

// Sources that are named must work: an error of an address is Failure::input, one that is unusable is
// Failure::not_possible, after 15 s of retries where it is busy or slow. Without names: the first that works.
Result<OpenedPower> open_power(const PowerRequest& request);

}  // namespace pw
