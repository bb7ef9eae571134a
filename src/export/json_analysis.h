// SPDX-License-Identifier: GPL-3.0-or-later
// The analysis as JSON.
#pragma once

#include <span>

#include "analyze/analysis.h"
#include "export/json_writer.h"

namespace pw {

// Each writes the elements of an array.
void write_summary(JsonWriter& json, std::span<const SummaryRow> rows);
void write_energy(JsonWriter& json, const Analysis& analysis);
void write_lags(JsonWriter& json, const PowerAnalysis& power);
void write_samplers(JsonWriter& json, const PowerAnalysis& power);
void write_cross_checks(JsonWriter& json, std::span<const CrossCheck> checks);
void write_validity(JsonWriter& json, const PowerAnalysis& power);
void write_regions(JsonWriter& json, const Recording& recording, const RegionAnalysis& regions);
void write_region_energy(JsonWriter& json, const Recording& recording, const RegionAnalysis& regions);
void write_findings(JsonWriter& json, std::span<const FindingOutcome> findings);

}  // namespace pw
