// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/load.h"

#include <algorithm>

#include "store/load_parts.h"
#include "store/open_recording.h"

namespace pw {
namespace {

struct Loader {
  Result<> (*load)(RowSource&, Recording&);
  int since = 1;  // the layout that brought its table
};

// In the order in which they need each other.
constexpr Loader kLoaders[] = {
    {load_recording},
    {load_experiment},
    {load_arguments},
    {load_facts},
    {load_captures},
    {load_events},
    {load_passes},
    {load_settings, 2},
    {load_event_details, 2},
    {load_sources},
    {load_channels},
    {load_channel_details, 3},
    {load_channel_samples, 4},
    {load_source_details, 3},
    {load_executions},
    {load_outputs},
    {load_captured},
    {load_readings},
    {load_counted_parts, 2},
    {load_intervals, 2},
    {load_samples},
    {load_windows},
    {load_notes},
    {load_states, 2},
};

Nanoseconds latest_time(const Recording& recording) {
  Nanoseconds latest = recording.start;
  for (const Execution& execution : recording.executions) latest = std::max(latest, execution.end);
  for (const PowerSample& sample : recording.samples) latest = std::max(latest, sample.time);
  for (const Window& window : recording.windows) latest = std::max(latest, window.end);
  for (const Note& note : recording.notes) latest = std::max(latest, note.time);
  return latest;
}

}  // namespace

Result<Recording> load(const std::filesystem::path& path) {
  Result<OpenRecording> opened = open_recording(path);
  if (!opened) return pass_on(opened);
  RowSource source{opened->database, path.string(), opened->bytes, opened->bytes};
  Recording recording;
  recording.schema = static_cast<int>(opened->layout);
  for (const Loader& loader : kLoaders) {
    if (loader.since > recording.schema) continue;
    if (auto loaded = loader.load(source, recording); !loaded) {
      loaded.error().where = path.string();
      return pass_on(loaded);
    }
  }
  recording.end = std::max(recording.end, latest_time(recording));
  return recording;
}

}  // namespace pw
