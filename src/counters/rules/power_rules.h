// SPDX-License-Identifier: GPL-3.0-or-later
// Which events a POWER CPU's kernel counts together, without asking it: for planning on another machine, and
// for words where the kernel says only EINVAL. Not modelled:
// - counting a CPU instead of a task: PM_CYC and PM_INST_CMPL are then not exchanged for PMC6 and PMC5
// - events that an early POWER9 (DD2.1, DD2.2) refuses to count, such as PM_FLOP_CMPL
// - event-based branches, branch records and sampling, which ask for more than counting
// - POWER10's threshold in attr.config1, whose number two events of a group must share
// - the first POWER10 (DD1), and a POWER9 or POWER10 in a compatibility mode: other codes stand behind perf's
// names
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "counters/rules/power_code.h"

namespace pw {

struct CodeName {
  std::uint64_t code;
  std::string name;  // for the reason
};

// Nothing where the kernel opens `group`, in this order, as one group on a task of ours; else why not, in
// words.
std::optional<std::string> group_refusal(PowerCpu cpu, std::span<const CodeName> group);

// The same without words.
bool group_fits(PowerCpu cpu, std::span<const std::uint64_t> codes);

}  // namespace pw
