// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/load.h"

#include <algorithm>

#include "os/huge_pages.h"
#include "store/load_parts.h"
#include "store/open_recording.h"
#include "store/writer_lock.h"

namespace pw {
namespace {

// In the order in which they need each other.
constexpr Result<> (*kLoaders[])(RowSource&, Recording&) = {
    load_recording, load_experiment, load_variants,      load_arguments, load_facts,      load_captures,
    load_events,    load_passes,     load_sources,       load_channels,  load_executions, load_outputs,
    load_captured,  load_readings,   load_counted_parts, load_intervals, load_samples,    load_server_bins,
    load_windows,   load_notes,      load_states,        load_regions,   load_ranks};

Nanoseconds latest_time(const Recording& recording) {
  Nanoseconds latest = recording.start;
  for (const Execution& execution : recording.executions) latest = std::max(latest, execution.end);
  for (std::size_t i = 0; i < recording.channels.size(); ++i)
    if (const ChannelSamples own = recording.samples.of(i); !own.empty())
      latest = std::max(latest, own.back().time);
  for (const Window& window : recording.windows) latest = std::max(latest, window.end);
  for (const Interlude& one : recording.interludes) latest = std::max(latest, one.end);
  for (const Note& note : recording.notes) latest = std::max(latest, note.time);
  return latest;
}

}  // namespace

Result<Recording> load_all(RowSource& source) {
  Recording recording;
  for (const auto& load_part : kLoaders) {
    if (auto loaded = load_part(source, recording); !loaded) {
      loaded.error().where = source.path;
      return pass_on(loaded);
    }
  }
  recording.end = std::max(recording.end, latest_time(recording));
  return recording;
}

Result<Recording> load(const std::filesystem::path& path) {
  keep_freed_memory();  // what explains it makes and drops large arrays
  const bool being_written = is_being_written(path);
  Result<OpenRecording> opened = open_recording(path);
  if (!opened) return pass_on(opened);
  RowSource source{opened->database, path.string(), opened->bytes, opened->bytes, {}};
  Result<Recording> recording = load_all(source);
  if (recording && recording->ending == Ending::killed && being_written)
    recording->ending = Ending::under_way;
  return recording;
}

}  // namespace pw
