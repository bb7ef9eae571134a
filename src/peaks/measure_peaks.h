// SPDX-License-Identifier: GPL-3.0-or-later
// Measures what this machine can do at most.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/peaks.h"
#include "os/root.h"
#include "peaks/peak_meter.h"

namespace pw {

PeakCpus peak_cpus(const Root& root, std::vector<int> usable);

// All that PeakMeter can. What could not be measured is among the conditions, with its reason. `told` hears
// what comes next.
MachinePeaks measure_peaks(const Root& root, const std::vector<Fact>& machine, const TeamTime& time,
                           const std::function<void(std::string_view quantity)>& told);

}  // namespace pw
