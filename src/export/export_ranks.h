// SPDX-License-Identifier: GPL-3.0-or-later
// The ranks of a job as CSV and as JSON.
#pragma once

#include <string>

#include "analyze/analysis.h"
#include "export/csv_rows.h"
#include "export/json_writer.h"

namespace pw {

std::string rank_columns(const Recording& recording);
// A row for each rank of each execution of a test.
void add_ranks(Csv& csv, const Recording& recording);

inline constexpr const char* kNodePowerColumns =
    "test,pass,node,source,channel,scope,energy_j,uncertainty_j,mean_w,least_w,most_w,readings,reason,"
    "net_j,net_uncertainty_j,idle_w,idle_uncertainty_w,net_reason,busy_cpu_s,other_cpu_s,other_reason";
// A row for each channel of each node in each execution of a test.
void add_node_powers(Csv& csv, const Recording& recording);

// Each writes the elements of an array: the same rows, and what the ranks are against each other; the
// energies of nodes, and of the job.
void write_ranks(JsonWriter& json, const Recording& recording);
void write_rank_summary(JsonWriter& json, const RankAnalysis& ranks);
void write_node_energies(JsonWriter& json, const RankAnalysis& ranks);
void write_job_energy(JsonWriter& json, const RankAnalysis& ranks);

}  // namespace pw
