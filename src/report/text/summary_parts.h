// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of summary(), each of which adds itself to a page.
#pragma once

#include <cstddef>
#include <span>

#include "analyze/analysis.h"
#include "model/recording.h"
#include "report/text/page.h"

namespace pw {

void add_head(Page& page, const Recording& recording);
void add_time(Page& page, const RunAnalysis& run);
void add_counters(Page& page, const Recording& recording, const RunAnalysis& run);
void add_parts(Page& page, const Recording& recording);
void add_metrics(Page& page, const RunAnalysis& run);
void add_spread(Page& page, const RunAnalysis& run);
// In full: every channel where `verbose`, else those of the whole machine, or the first few.
void add_power(Page& page, const Recording& recording, const PowerAnalysis& power, bool verbose);
void add_lag(Page& page, const ChannelAnalysis& channel);
void add_sampler(Page& page, const PowerSource& source, const SamplerCost& cost);
void add_validity(Page& page, const Validity& validity, bool verbose);
void add_cross_checks(Page& page, const PowerAnalysis& power);
void add_captures(Page& page, const RunAnalysis& run);
void add_failures(Page& page, const Recording& recording);
void add_not_measured(Page& page, const Recording& recording, const RunAnalysis& run);
void add_warnings(Page& page, const Recording& recording, const RunAnalysis& run);
// Those that apply, five at most.
void add_findings(Page& page, std::span<const FindingOutcome> findings);

}  // namespace pw
