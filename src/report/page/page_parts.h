// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of the page's data. report-ui/src/data.ts has their shape.
#pragma once

#include <string>

#include "export/json_writer.h"
#include "report/page/page_input.h"

namespace pw {

// All of it.
void write_page_data(JsonWriter& json, const PageInput& input);

// Each writes members of a recording's object.
void write_head(JsonWriter& json, const PageRecording& one);  // what was measured on what, and the verdict
void write_quantities(JsonWriter& json,
                      const PageRecording& one);  // the summary, and its series over the tests
void write_power_lines(JsonWriter& json, const PageRecording& one);  // executions, windows, channels
void write_trees(JsonWriter& json, const Recording& recording, const Analysis& analysis);
// What was marked; null: nothing.
void write_regions(JsonWriter& json, const Recording& recording, const Analysis& analysis);
// Of a job; null: it is none.
void write_ranks(JsonWriter& json, const Recording& recording, const Analysis& analysis);
void write_gaps(JsonWriter& json, const Recording& recording,
                const Analysis& analysis);  // not measured, and why
void write_background(JsonWriter& json, const Recording& recording,
                      const Analysis& analysis);  // findings, machine

// Members of the page: each quantity over many recordings.
void write_history(JsonWriter& json, std::span<const HistoryGroup> groups);

// JSON of a comparison, to stand in a page: compare's own, with `of` and `sentence`.
std::string comparison_data(const PageComparison& comparison);

// The shell command that measures the same again; "" where none does.
std::string command_again(const Recording& recording);

}  // namespace pw
