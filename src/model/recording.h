// SPDX-License-Identifier: GPL-3.0-or-later
// Everything one run left behind: what the measuring half hands to the explaining half.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"
#include "model/event.h"
#include "model/experiment.h"
#include "model/job.h"
#include "model/peaks.h"
#include "model/power.h"
#include "model/region.h"
#include "model/samples.h"
#include "model/server.h"

namespace pw {

// The version of the recording's layout.
inline constexpr int kSchemaVersion = 1;

// One set of events that is counted together; passes count from 1 in the order of Recording::passes.
struct Pass {
  std::vector<int> events;  // indices into Recording::events
  std::string reason;       // why these could not join an earlier pass; "" for the first
};

// What counting cost when the run was prepared: medians of the largest pass.
struct CountingCost {
  Nanoseconds start_stop;  // to start and stop the counters
  Nanoseconds read;        // to read them
};

// What can change while a run is under way: frequency_mean_mhz, governor, throttled_core, ...
using MachineState = std::vector<Fact>;

// One time that the command ran.
struct Execution {
  int test = 0;     // from 1; warm-ups have test 0 and are not exported
  int pass = 1;     // from 1
  int variant = 0;  // index into Experiment::variants; 0 where there are none
  Nanoseconds begin;
  Nanoseconds end;
  Seconds user;  // rusage of the command and the children that it waited for
  Seconds system;
  std::int64_t max_rss_kb = 0;
  std::int64_t voluntary_switches = 0;
  std::int64_t involuntary_switches = 0;
  std::int64_t minor_faults = 0;
  std::int64_t major_faults = 0;
  int exit_status = 0;  // as a shell has it: 128 + N where signal N ended it
  int signal = 0;       // that ended it; 0: it ended by itself
  bool timed_out = false;
  std::string left_out;  // why its time or its counts are not the command's; "": they are
  std::optional<double> items;
  std::vector<std::optional<std::string>>
      captures;  // by index of Experiment::captures; nothing: never matched
  std::vector<Reading> readings;
  std::vector<PartReading> parts;             // with --per
  std::vector<IntervalReading> intervals;     // with --interval, in the order of time
  std::shared_ptr<ExecutionRegions> regions;  // null: nothing was marked
  std::shared_ptr<ExecutionRanks> ranks;      // null: the command is no job
  std::string output;                         // the last part of stdout and stderr
  std::int64_t output_bytes = 0;              // all that it printed
  MachineState before;                        // right before it was let go
  MachineState after;                         // right after its end

  bool warmup() const { return test == 0; }
  bool failed() const { return exit_status != 0 || timed_out; }
  bool of_test() const { return !warmup() && left_out.empty(); }
};

// A stretch of time in which the command did not run and the machine's idle power was watched.
struct Window {
  bool before = true;  // before the tests, or after them
  Nanoseconds begin;
  Nanoseconds end;
};

// A stretch of time in which a command of --setup, --prepare, --conclude or --cleanup ran: of no test, and
// not idle. Recordings hold the numbers, behind 0 and 1, which are Window::before's.
enum class Around { setup = 2, prepare, conclude, cleanup };
std::string_view to_text(Around around);  // "setup", "prepare", ...

struct Interlude {
  Around kind = Around::prepare;
  Nanoseconds begin;
  Nanoseconds end;
};

enum class NoteKind {
  warning,
  refusal,  // something asked for, or tried by default, that cannot be had
  notice    // something to know that is no fault
};
std::string_view to_text(NoteKind kind);
std::optional<NoteKind> note_kind(std::string_view text);

struct Note {
  NoteKind kind = NoteKind::warning;
  Nanoseconds time;  // CLOCK_MONOTONIC
  std::string text;  // one line
};

// killed: no end was ever written; under_way: not yet, a perfwatt writes it.
enum class Ending { killed, complete, stopped, failed, under_way };
std::string_view to_text(Ending ending);  // "killed", "complete", "stopped" (Ctrl-C), "failed", "under way"
std::optional<Ending> ending_from(std::string_view text);

// All that is settled before the first process is started.
struct RecordingHeader {
  std::string version;  // of the perfwatt that recorded it
  Experiment experiment;
  Machine machine;
  std::vector<Fact> environment;  // environment variables that change speed
  Nanoseconds start;              // CLOCK_MONOTONIC
  double start_unix_s = 0;        // the wall clock at `start`
  std::vector<Event> events;
  std::vector<Pass> passes;
  std::optional<CountingCost> counting_cost;  // nothing: nothing was to be counted
  std::optional<Nanoseconds> mark_cost;  // of a region's begin and end; nothing: regions were not asked for
  std::string region_scope;              // whose events regions count: "process", "thread"; "": nobody's
  MachinePeaks peaks;                    // as they were known then
  std::vector<PowerSource> sources;
  std::vector<Channel> channels;
};

inline const PowerSource& source_of(const RecordingHeader& header, const Channel& channel) {
  return header.sources[static_cast<std::size_t>(channel.source)];
}

// As key and value, after the facts on the machine: counters_start_stop_ns and counters_read_ns.
Machine machine_and_cost(const RecordingHeader& header);

struct Recording : RecordingHeader {
  std::vector<Execution> executions;   // in the order in which they ran
  std::vector<Region> regions;         // of all of them
  std::vector<RankPlace> rank_places;  // likewise
  std::vector<NodeIdle> node_idles;    // of the nodes of a job
  Samples samples;                     // in the order of time within a channel
  std::vector<Window> windows;
  std::vector<Interlude> interludes;   // in the order of time
  std::vector<ServerBin> server_bins;  // in the order of time within a source
  std::vector<Note> notes;
  Ending ending = Ending::killed;
  Nanoseconds end;  // of the last thing recorded

  bool interrupted() const { return ending != Ending::complete && !under_way(); }
  bool under_way() const { return ending == Ending::under_way; }
};

}  // namespace pw
