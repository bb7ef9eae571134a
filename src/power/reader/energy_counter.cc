// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/reader/energy_counter.h"

#include <fmt/format.h>

namespace pw {
namespace {

constexpr double kMargin = 0.8;  // of the time that would do, for a reading may come late

std::string what_happened(const CounterFinding& finding) {
  switch (finding.step) {
    case CounterStep::went_back:
      return "its counter went back";
    case CounterStep::jumped:
      return fmt::format(
          "its counter jumped by {:.4g} J in {:.3g} s, and {:.4g} W is the most that it can draw",
          finding.rise.value, finding.since.value, finding.most.value);
    case CounterStep::unread_too_long:
      return fmt::format("not read for so long ({:.3g} s) that its counter may have wrapped; {}",
                         finding.since.value, how_often(finding.longest));
    case CounterStep::ok:
      break;
  }
  return "its counter goes on";
}

}  // namespace

std::string to_text(const CounterFinding& finding) {
  return what_happened(finding) +
         (finding.step == CounterStep::ok ? "" : ": the energy meanwhile is unknown");
}

std::string how_often(Seconds longest) {
  const double often = longest.value * kMargin;
  return fmt::format("read it every {0:.3g} s or more often (--rate {1:.3g}; perfwatt power -I {2:.0f})",
                     often, 1 / often, 1000 * often);
}

}  // namespace pw
