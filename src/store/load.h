// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "base/result.h"
#include "model/recording.h"

namespace pw {

// Reads a recording, complete or interrupted, without changing anything there; it may be under way.
//
// Every index in the result is within its vector, every number within a range in which sums do not overflow,
// an `ok` or `scaled` reading has enabled, running > 0, a usable sample has the value that its channel's kind
// asks for, begin <= end (< in ServerBin), variants have the same keys, samples are in the order of time
// within a channel, ServerBins in that within a source, and Execution::captures is as long as
// Experiment::captures. Anything else is an Error (input).
Result<Recording> load(const std::filesystem::path& path);

}  // namespace pw
