// SPDX-License-Identifier: GPL-3.0-or-later
// In place of the kernel of a POWER CPU that is not here: its rules. Hardware events are raw codes.
#pragma once

#include "counters/plan/plan.h"
#include "counters/rules/power_rules.h"

namespace pw {

class RuledOpener : public Opener, public GroupReasons {
 public:
  explicit RuledOpener(PowerCpu cpu) : cpu_(cpu) {}
  int try_open(const perf_event_attr& attr) override;
  bool fits(std::span<const perf_event_attr> group) override;
  std::string why_not(std::span<const ResolvedEvent> group) const override;
  FewestPossible fewest_possible(std::span<const ResolvedEvent> events) const override;

 private:
  PowerCpu cpu_;
};

}  // namespace pw
