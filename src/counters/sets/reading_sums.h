// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/event.h"

namespace pw {

// One reading per event, summed over threads or CPUs.
class ReadingSums {
 public:
  // What was read of one counter.
  void add(const Reading& one);
  // A counter that could not be opened or read: the sum of the others is none. `gone`: what it was for has
  // ended before, and nothing is missing.
  void add_failed(int event, const std::string& why, bool gone = false);
  void add(const ReadingSums& others);

  // In the order in which events were added first. A sum that lacks a part is `not-counted`.
  std::vector<Reading> readings() const;

 private:
  struct Sum {
    Reading reading;
    int counted = 0, failed = 0;
    std::string why;  // of the first that failed; of one that was gone, where none did
  };
  Sum& sum_of(int event);
  std::vector<Sum> sums_;
};

}  // namespace pw
