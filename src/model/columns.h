// SPDX-License-Identifier: GPL-3.0-or-later
// Columns of executions.csv beside those of --capture, which may not have their names.
#pragma once

#include <string_view>

namespace pw {

// Before them.
inline constexpr std::string_view kExecutionColumns[] = {
    "test", "pass", "begin_s", "end_s", "elapsed_s", "user_s", "sys_s", "max_rss_kb", "exit_status", "items"};

// Behind them: what the hypervisor gave.
inline constexpr std::string_view kGivenColumns[] = {"cores_consumed", "entitlement_share", "steal_s",
                                                     "effective_mhz",  "dispatches",        "dispersions"};

// Keys of Execution::before that tell a value of --vary: "vary_align".
inline constexpr std::string_view kVaried = "vary_";

// Of a recording with variants, at the end of executions.csv.
inline constexpr std::string_view kVariantColumn = "variant";

}  // namespace pw
