// SPDX-License-Identifier: GPL-3.0-or-later
// Histories of recordings as text and for other programs.
#pragma once

#include <span>
#include <string>

#include "analyze/history/history.h"
#include "report/text/page.h"

namespace pw {

// Each recording at which something changed, with what is not the same since the one before; what never did.
std::string history_text(std::span<const HistoryGroup> groups, const TextStyle& style);

// RFC 4180, a row for each point:
// label,quantity,unit,recording,start_unix_s,tests,mean,change,ratio,ci95_low,ci95_high,p; the last five are
// empty but where a level begins.
std::string history_csv(std::span<const HistoryGroup> groups);
std::string history_json(std::span<const HistoryGroup> groups);

}  // namespace pw
