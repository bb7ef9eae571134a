// SPDX-License-Identifier: GPL-3.0-or-later
// The operators that can be run: one row each in operators.cc.
#pragma once

#include "inference/plan/operator.h"

namespace pw::inference {

Operators operators();

}  // namespace pw::inference
