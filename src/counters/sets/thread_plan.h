// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "counters/plan/plan.h"

namespace pw {

// Of `plan`, what a thread can be counted by besides, with no counter of a PMU taken twice: its software
// events.
CountingPlan thread_plan(const CountingPlan& plan);

}  // namespace pw
