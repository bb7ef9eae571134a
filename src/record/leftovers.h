// SPDX-License-Identifier: GPL-3.0-or-later
// What the executions of a run left running, told for the notes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "record/execution.h"

namespace pw {

// "test 3, pass 1"; "the warm-up"; of variants "test 3, pass 1 of threads=2"
std::string execution_name(const Execution& execution, const Experiment& experiment);

class Leftovers {
 public:
  // "test 1, pass 1 left 2 processes running: sleep (123), sh (124)"; nothing where it left none, or where so
  // many did before that nobody reads on. `name`: execution_name().
  std::optional<std::string> add(const Ran& ran, const std::string& name);

  // Which tests they ran into, and how many executions left some; nothing where it is of no interest.
  std::optional<std::string> summary() const;

 private:
  int leaving_ = 0;         // executions
  std::vector<int> tests_;  // that met some
};

}  // namespace pw
