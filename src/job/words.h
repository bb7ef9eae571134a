// SPDX-License-Identifier: GPL-3.0-or-later
// `perfwatt rank` among the words of a command, and what it is told there: launchers hand on words, but need
// not hand on the environment.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "job/launcher.h"

namespace pw {

inline constexpr const char* kRankCommand = "rank";
inline constexpr const char* kJobOption = "--job";
inline constexpr const char* kExecutionOption = "--execution";
inline constexpr const char* kWatchOption = "--watch";

// Whether a launcher among these is to start `perfwatt rank`.
bool is_job(std::span<const std::string> words);

// With the folder and the number of the execution behind each `perfwatt rank`, and for how long its ranks
// watch their nodes instead of running their programs.
std::vector<std::string> with_job(std::span<const std::string> words, const std::string& folder,
                                  int execution, std::optional<Seconds> watch = std::nullopt);

// The launcher with its options, but for those that name files for its programs' output, and each
// `perfwatt rank` without its program. Nothing: it starts some program without `perfwatt rank`, too, of which
// a launcher's words do not say how they would do without.
std::optional<std::vector<std::string>> without_programs(std::span<const std::string> words);

// Errors (input): srun outside an allocation, which would queue a job of its own for each execution.
Result<> check_allocation(std::span<const std::string> words, const Variables& variables);

}  // namespace pw
