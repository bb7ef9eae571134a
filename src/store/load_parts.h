// SPDX-License-Identifier: GPL-3.0-or-later
// One function per table of a recording, each of which fills its part of a Recording.
#pragma once

#include "base/result.h"
#include "model/recording.h"
#include "store/rows.h"

namespace pw {

// All of them: with the promises of load().
Result<Recording> load_all(RowSource& source);

// The next columns of `row`: event, value, enabled_ns, running_ns, status, reason.
Reading next_reading(Rows& row, const Recording& recording);

Result<> load_recording(RowSource& source, Recording& recording);
Result<> load_experiment(RowSource& source, Recording& recording);
Result<> load_variants(RowSource& source, Recording& recording);  // and variant_values
Result<> load_arguments(RowSource& source, Recording& recording);
Result<> load_facts(RowSource& source, Recording& recording);
Result<> load_captures(RowSource& source, Recording& recording);
Result<> load_events(RowSource& source, Recording& recording);
Result<> load_passes(RowSource& source, Recording& recording);  // and pass_events
Result<> load_sources(RowSource& source, Recording& recording);
Result<> load_channels(RowSource& source, Recording& recording);

Result<> load_executions(RowSource& source, Recording& recording);
// regions, region_threads, region_totals, region_counts and region_log
Result<> load_regions(RowSource& source, Recording& recording);
// rank_places, node_idles, ranks, rank_readings and rank_power
Result<> load_ranks(RowSource& source, Recording& recording);
Result<> load_outputs(RowSource& source, Recording& recording);
Result<> load_captured(RowSource& source, Recording& recording);
Result<> load_readings(RowSource& source, Recording& recording);
Result<> load_counted_parts(RowSource& source, Recording& recording);
Result<> load_intervals(RowSource& source, Recording& recording);
Result<> load_samples(RowSource& source, Recording& recording);  // and sample_blocks
Result<> load_server_bins(RowSource& source, Recording& recording);
Result<> load_windows(RowSource& source, Recording& recording);
Result<> load_notes(RowSource& source, Recording& recording);
Result<> load_states(RowSource& source, Recording& recording);

}  // namespace pw
