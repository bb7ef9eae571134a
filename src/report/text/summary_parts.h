// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of summary(), each of which adds itself to a page.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "analyze/analysis.h"
#include "model/recording.h"
#include "report/text/page.h"

namespace pw {

// One sentence: what was measured, the figures that matter, and whether they can be trusted.
void add_verdict(Page& page, const Recording& recording, const Analysis& analysis);
void add_head(Page& page, const Recording& recording);
void add_time(Page& page, const RunAnalysis& run);
// Nothing where no hypervisor took any.
void add_given(Page& page, const Recording& recording, const RunAnalysis& run);
void add_counters(Page& page, const Recording& recording, const RunAnalysis& run);
void add_parts(Page& page, const Recording& recording);
// `verbose`: with the reason of each that has no value; else they are named among what was not measured.
void add_metrics(Page& page, const RunAnalysis& run, bool verbose);
// Each test's values, with the least and the most.
void add_tests(Page& page, const Analysis& analysis);
void add_spread(Page& page, const RunAnalysis& run);
// In full: every channel where `verbose`, else those of the whole machine, or the first few.
void add_power(Page& page, const Recording& recording, const PowerAnalysis& power, bool verbose);
// One line, where there are any.
void add_regions(Page& page, const RegionAnalysis& regions);
// What a partition took of its server.
void add_shares(Page& page, const Recording& recording, const Analysis& analysis);
// A row, where it has a value; of energy with a sensor's or a model's own uncertainty of one execution as a
// remark.
void add_value(Page& page, const char* label, const Measurand& one);
void add_energy(Page& page, const char* label, const Measurand& joules, const Measurand& error);
// Why rows have no value, or a doubtful one: each reason once.
void add_reasons(Page& page, const std::vector<const EnergyRow*>& rows);
void add_lag(Page& page, const ChannelAnalysis& channel);
void add_sampler(Page& page, const PowerSource& source, const SamplerCost& cost);
void add_validity(Page& page, const Validity& validity, bool verbose);
void add_cross_checks(Page& page, const PowerAnalysis& power);
void add_captures(Page& page, const RunAnalysis& run);
void add_failures(Page& page, const Recording& recording);
// A line for each kind of thing, with what helps; `verbose`: each reason.
void add_not_measured(Page& page, const Recording& recording, const RunAnalysis& run, bool verbose);
// Without those of the hypervisor that a finding says.
void add_warnings(Page& page, const Recording& recording, const Analysis& analysis);
// Those that apply, five at most; those of the hypervisor with the tests.
void add_findings(Page& page, const Analysis& analysis);
// Those that a summary shows.
std::vector<const FindingOutcome*> shown_findings(std::span<const FindingOutcome> findings);
}  // namespace pw
