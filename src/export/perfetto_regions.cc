// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/perfetto_regions.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "analyze/regions/region_analysis.h"

namespace pw {
namespace {

// Slices of one thread, which lie within each other or apart: what overlaps another, as only regions that
// were ended out of order do, is left out.
class ThreadTrack {
 public:
  ThreadTrack(PerfettoWriter& trace, TrackId track) : trace_(trace), track_(track) {}

  void add(const RegionOccurrence& one, std::string_view name) {
    end_until(one.begin);
    if (!ends_.empty() && one.end > ends_.back()) return;
    trace_.begin_slice({one.begin, track_, "region", name, {}, true});
    ends_.push_back(one.end);
  }

  void finish() {
    while (!ends_.empty()) end_last();
  }

 private:
  void end_until(Nanoseconds time) {
    while (!ends_.empty() && ends_.back() <= time) end_last();
  }
  void end_last() {
    trace_.end_slice(track_, ends_.back());
    ends_.pop_back();
  }

  PerfettoWriter& trace_;
  TrackId track_;
  std::vector<Nanoseconds> ends_;  // of the open slices
};

std::vector<std::vector<RegionOccurrence>> by_thread(const ExecutionRegions& regions) {
  std::vector<std::vector<RegionOccurrence>> threads(regions.threads.size());
  for (const RegionOccurrence& one : regions.log)
    threads[static_cast<std::size_t>(one.thread)].push_back(one);
  return threads;
}

// The tracks are the same in every execution: its first thread is the first one's.
class RegionTracks {
 public:
  explicit RegionTracks(PerfettoWriter& trace)
      : trace_(trace),
        parent_(trace.track(
            0, "regions", "every occurrence, as far as there was room for them; then some of each region")) {}

  TrackId of(std::size_t thread, const std::string& name) {
    if (thread == tracks_.size())
      tracks_.push_back(trace_.track(parent_, fmt::format("{} {}", name, thread + 1)));
    return tracks_[thread];
  }

 private:
  PerfettoWriter& trace_;
  TrackId parent_;
  std::vector<TrackId> tracks_;
};

}  // namespace

void put_regions(PerfettoWriter& trace, const Recording& recording) {
  if (recording.regions.empty()) return;
  RegionTracks tracks(trace);
  for (const Execution& execution : recording.executions) {
    if (!execution.regions) continue;
    const auto threads = by_thread(*execution.regions);
    for (std::size_t i = 0; i < threads.size(); ++i) {
      ThreadTrack track(trace, tracks.of(i, execution.regions->threads[i].name));
      for (const RegionOccurrence& one : threads[i])
        track.add(one, region_name(recording.regions[static_cast<std::size_t>(one.region)]));
      track.finish();
    }
  }
}

}  // namespace pw
