// SPDX-License-Identifier: GPL-3.0-or-later
// The header of a recording, made where the recording begins.
#pragma once

#include "model/recording.h"
#include "power/sampling/sampler.h"
#include "record/plan_counting.h"

namespace pw {

// Of this program, on this machine, from now on.
RecordingHeader header_now(const Experiment& experiment);

void add_counting(RecordingHeader& header, const Counting& counting);
void add_power(RecordingHeader& header, const Sampler& sampler);

}  // namespace pw
