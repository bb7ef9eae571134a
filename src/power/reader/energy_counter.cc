// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/reader/energy_counter.h"

namespace pw {
namespace {

const char* what_happened(CounterStep step) {
  switch (step) {
    case CounterStep::went_back:
      return "its counter went back";
    case CounterStep::jumped:
      return "its counter jumped";
    case CounterStep::unread_too_long:
      return "not read for so long that its counter may have wrapped";
    case CounterStep::ok:
      break;
  }
  return "its counter goes on";
}

}  // namespace

std::string to_text(CounterStep step) {
  return std::string(what_happened(step)) +
         (step == CounterStep::ok ? "" : ": the energy meanwhile is unknown");
}

}  // namespace pw
