// SPDX-License-Identifier: GPL-3.0-or-later
// Sentences about a recording that the summary and the page share. They hold its texts as recorded.
#pragma once

#include <string>
#include <vector>

#include "analyze/analysis.h"
#include "model/recording.h"

namespace pw {

// What was measured: its label, its target or its command, shortened.
std::string subject_of(const Recording& recording);

// "POWER9, altivec supported, 8335-GTH, ppc64le, Linux 6.1.0, node7".
std::string machine_line(const Recording& recording);

// "2026-11-23 10:15:00 UTC, 11 of 11 tests, 3 passes each".
std::string when_line(const Recording& recording);

// Its figures and what speaks against them: "12 s ± 0.3 % and 4.2 kJ ± 0.9 % an execution, 11 tests. With
// care:
// ..."
std::string run_sentence(const Recording& recording, const Analysis& analysis);

// "it was interrupted", "it is under way".
std::vector<std::string> trouble_of_ending(const Recording& recording);

// What makes its numbers doubtful.
std::vector<std::string> warnings_of(const Recording& recording, const Analysis& analysis);

}  // namespace pw
