// SPDX-License-Identifier: GPL-3.0-or-later
// clang++ -fsanitize=fuzzer,address: any bytes of a slab of regions, that begin as ours do. Paths go to the
// root, times and counts are possible ones, and what is said of them can be shown on a terminal.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "base/text.h"
#include "regions/losses.h"
#include "regions/region_gatherer.h"

namespace {

void check(bool promise) {
  if (!promise) std::abort();
}

const pw::RegionCounters kCounters = {pw::RegionScope::process, {{-1, {0, 1}}, {-1, {2}}}};

void check_regions(const pw::ExecutionRegions& marked, std::size_t regions) {
  const auto known = [&](const auto& one) {
    check(one.thread >= 0 && static_cast<std::size_t>(one.thread) < marked.threads.size());
    check(one.region >= 0 && static_cast<std::size_t>(one.region) < regions);
  };
  for (const pw::RegionTotal& one : marked.totals) {
    known(one);
    check(one.calls >= 0 && one.own.value >= 0 && one.own <= one.total && std::isfinite(one.items));
  }
  for (const pw::RegionCount& one : marked.counts) {
    check(one.total >= 0 && static_cast<std::size_t>(one.total) < marked.totals.size());
    check(one.own <= one.value && one.running <= one.enabled && one.event < 3);
    check(one.reason < static_cast<int>(marked.reasons.size()));
  }
  for (const pw::RegionOccurrence& one : marked.log) {
    known(one);
    check(one.begin.value > 0 && one.begin <= one.end);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string slab(reinterpret_cast<const char*>(data), size);
  pw_head head{};
  if (size >= sizeof head) {
    std::memcpy(&head, slab.data(), sizeof head);
    head.magic = PW_SLAB_MAGIC;
    head.version = PW_SLAB_VERSION;
    head.node_bytes = sizeof(pw_node);
    head.frame_bytes = sizeof(pw_frame);
    std::memcpy(slab.data(), &head, sizeof head);
  }
  pw::RegionGatherer gatherer;
  pw::Execution execution;
  std::vector<std::string> remarks;
  const std::vector<pw::Region> regions = gatherer.gather(slab, kCounters, execution, remarks);
  for (std::size_t i = 0; i < regions.size(); ++i) check(regions[i].parent < static_cast<int>(i));
  if (execution.regions) check_regions(*execution.regions, regions.size());
  for (const std::string& remark : remarks) check(pw::printable(remark) == remark);
  return 0;
}
