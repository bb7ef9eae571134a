// SPDX-License-Identifier: GPL-3.0-or-later
#include "doctor/doctor.h"

#include "doctor/checks.h"
#include "power/open/sources.h"

namespace pw {
namespace {

struct Check {
  std::string_view name;
  CheckResult (*look)();
};

constexpr Check kChecks[] = {
    {"perf events", check_perf_events}, {"hardware events", check_hardware_events},
    {"counting floor", check_floor},    {"NMI watchdog", check_watchdog},
    {"gnuplot", check_gnuplot},         {"model", check_model},
};

}  // namespace

std::vector<CheckResult> check_power() {
  std::vector<CheckResult> findings;
  for (const PowerKind& kind : power_kinds()) {
    const Result<> usable = kind.usable_here();
    if (usable) {
      const std::string_view how = kind.chosen == PowerKind::Chosen::by_address ? kind.syntax : kind.summary;
      findings.push_back({true, std::string(kind.name) + ": " + std::string(how), "", ""});
      continue;
    }
    const PowerAdvice advice = kind.advice();
    findings.push_back(
        {false, std::string(kind.name) + ": " + one_line(usable.error()), advice.allow, advice.undo});
  }
  return findings;
}

void examine(const std::function<void(std::string_view name, const CheckResult&)>& tell) {
  for (const CheckResult& result : check_partition(Root(), hypervisor_counter_refusal))
    tell("partition", result);
  for (const Check& check : kChecks) tell(check.name, check.look());
  for (const CheckResult& result : check_power()) tell("power", result);
}

}  // namespace pw
