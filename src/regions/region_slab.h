// SPDX-License-Identifier: GPL-3.0-or-later
// The slab (mark/slab.h) of one execution.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "os/command/child.h"
#include "os/descriptor.h"
#include "regions/region_counters.h"

namespace pw {

class RegionSlab {
 public:
  // Nothing where the kernel has no memory to be handed on.
  static std::optional<RegionSlab> make();

  // The command has it, and what tells it so in its environment.
  bool hand_to(ChildOptions& child);

  // Marks read these counters: what the command, which has not begun, must be given (Child::give).
  // `ask`: where threads ask for counters of their own; -1: they do not.
  std::vector<Handed> count(const RegionCounters& counters, int ask = -1) const;
  // Those of this process itself, under their own numbers.
  void count_here(const RegionCounters& counters) const;

  // What was written so far; "": nothing was marked.
  std::string content() const;

  int fd() const { return memory_.fd(); }
  std::uint64_t stamp() const { return stamp_; }

 private:
  RegionSlab(Descriptor memory, std::uint64_t stamp) : memory_(std::move(memory)), stamp_(stamp) {}
  void say(const pw_counting& counting) const;
  Descriptor memory_;
  std::uint64_t stamp_;
  std::vector<int> numbers_;  // of groups of counters, or of where threads ask, in the command
};

}  // namespace pw
