// SPDX-License-Identifier: GPL-3.0-or-later
// Slabs that this process writes itself.
#pragma once

#include <perfwatt/regions.h>

#include <optional>
#include <string>

#include "mark/cost.h"
#include "regions/region_slab.h"

namespace pw::test {

// While it is there, this process marks into it.
class MarkingHere {
 public:
  explicit MarkingHere(const RegionCounters& counters = {}) : slab_(RegionSlab::make()) {
    if (slab_) slab_->count_here(counters);
    on_ = slab_ && perfwatt_mark_start_(slab_->fd(), slab_->stamp());
  }
  MarkingHere(const MarkingHere&) = delete;
  MarkingHere& operator=(const MarkingHere&) = delete;
  ~MarkingHere() {
    if (on_) perfwatt_mark_stop_();
  }
  bool on() const { return on_; }
  std::string content() const { return slab_ ? slab_->content() : ""; }

 private:
  std::optional<RegionSlab> slab_;
  bool on_ = false;
};

// What this thread marks: two regions within another, one of them twice, and one that is not ended.
inline std::string slab_with_marks() {
  const MarkingHere marking;
  perfwatt_region_begin("outer");
  for (const char* name : {"a", "b", "a"}) {
    perfwatt_region_begin(name);
    perfwatt_items(2);
    perfwatt_region_end(name);
  }
  perfwatt_region_end("outer");
  perfwatt_region_begin("open");
  return marking.content();
}

}  // namespace pw::test
