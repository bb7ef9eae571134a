// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "machine/facts_list.h"
#include "os/root.h"

namespace pw {

// Counters of what the hypervisor gave this machine, raw, each where it can be read. docs/recording.md lists
// the keys.
class PartitionReader {
 public:
  // Finds out what there is, by one reading.
  explicit PartitionReader(const Root& root);
  // On POWER this interrupts every CPU, and says how long that took.
  void add(FactList& facts, const Root& root) const;

 private:
  bool lparcfg_ = false, purr_ = false, spurr_ = false;
};

}  // namespace pw
