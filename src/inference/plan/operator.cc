// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/plan/operator.h"

namespace pw::inference {

const Operator* find_operator(Operators operators, std::string_view name) {
  for (const Operator& row : operators)
    if (row.name == name) return &row;
  return nullptr;
}

}  // namespace pw::inference
