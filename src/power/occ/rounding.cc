// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/occ/rounding.h"

namespace pw::occ {
namespace {

constexpr Watts kRounded{0.5};  // PWRSYS, PWRMEM, PWRGPU and the APSS channels: to the nearest
constexpr Watts kCutOff{1};     // PWRVDD, PWRVDN, PWRVCS

// By machine and version PWRPROC is rounded, cut off, or the sum of two parts that were cut off; on POWER10
// of three or more.
constexpr Watts kSumOfTwo{2}, kSumOfMore{3};

}  // namespace

Watts rounding_error(std::string_view sensor, bool power10) {
  if (sensor == "PWRPROC") return power10 ? kSumOfMore : kSumOfTwo;
  if (sensor == "PWRVDD" || sensor == "PWRVDN" || sensor == "PWRVCS") return kCutOff;
  return kRounded;
}

}  // namespace pw::occ
