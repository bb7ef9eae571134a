// SPDX-License-Identifier: GPL-3.0-or-later
// A recording made by hand for tests: two passes, a warm-up, what fails, what cannot be counted, text from a
// stranger. `start` is 1000 s on the monotonic clock.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "model/recording.h"
#include "store/recorder_sink.h"

namespace pw::test {

inline const std::string kHostile = "\x1b[31mred\x07,\"quoted\"\nnext <script>alert(1)</script>";

inline Nanoseconds at(double seconds_after_start) {
  return {1'000'000'000'000 + static_cast<std::int64_t>(seconds_after_start * 1e9)};
}

inline std::vector<Event> test_events() {
  std::vector<Event> events(5);
  events[0] = {"cycles",        "", "PM_CYC r1e", "processor cycles", "", false, Scope::both,
               CountStatus::ok, "", {1, 2}};
  events[1] = {"branch-misses", "u",         "PM_BR_MPRED_CMPL r400f6", "", "",
               false,           Scope::user, CountStatus::ok,           "", {2}};
  events[2] = {"task-clock", "", "", "", "ns", true, Scope::both, CountStatus::ok, "", {1}};
  events[3] = {"stalled-cycles-frontend",    "", "", "", "", false, Scope::both, CountStatus::not_supported,
               "this PMU has no such event", {}};
  events[4] = {"context-switches",
               "",
               "",
               "",
               "",
               true,
               Scope::both,
               CountStatus::not_permitted,
               "perf_event_paranoid is 2, kernel events need 1",
               {}};
  events[0].floor = 2500;
  events[4].scale = 0.5;
  events[4].group = 2;
  events[4].counted_on = "whole machine, by CPU 0";
  return events;
}

// Counts on the way and by thread of event 2, which end at its count.
inline void add_details(Execution& execution) {
  const Nanoseconds half{(execution.end - execution.begin).value / 2}, whole{2 * half.value};
  execution.intervals = {{execution.begin + half, {2, 300'000'000, half, half, CountStatus::ok, ""}},
                         {execution.end, {2, 750'000'000, whole, whole, CountStatus::ok, ""}}};
  execution.parts = {{"thread 12 worker", {2, 700'000'000, whole, whole, CountStatus::ok, ""}},
                     {"thread 11 python3", {2, 50'000'000, whole, whole, CountStatus::ok, ""}}};
}

inline Execution test_execution(int test, int pass, double begin, double seconds) {
  Execution execution;
  execution.test = test;
  execution.pass = pass;
  execution.begin = at(begin);
  execution.end = at(begin + seconds);
  execution.user = {0.5};
  execution.system = {0.25};
  execution.max_rss_kb = 2048;
  execution.voluntary_switches = 3;
  execution.involuntary_switches = 4;
  execution.minor_faults = 5;
  execution.major_faults = 6;
  execution.items = 500;
  execution.captures = {"466", std::nullopt};
  execution.output = "RIGHTS: 466\n";
  execution.output_bytes = 12;
  execution.before = {{"frequency_mean_mhz", "3783"}, {"governor", "performance"}};
  execution.after = {{"governor", kHostile}};
  const Nanoseconds enabled = to_nanoseconds({seconds});
  execution.readings = {{0, 9'007'199'254'740'993, enabled, enabled, CountStatus::ok, ""}};
  if (pass == 1) execution.readings.push_back({2, 750'000'000, enabled, enabled, CountStatus::ok, ""});
  if (pass == 1) add_details(execution);
  if (pass == 2)
    execution.readings.push_back({1, 1001, enabled, {enabled.value / 4}, CountStatus::scaled, ""});
  return execution;
}

// Everything that is known before the first execution.
inline Recording test_header() {
  Recording header;
  header.version = "0.1.0";
  header.experiment.command = {"python3", "-c", kHostile};
  header.experiment.directory = "/home/user";
  header.experiment.label = kHostile;
  header.experiment.tests = 2;
  header.experiment.idle = {2.5};
  header.experiment.items = 500;
  header.experiment.captures = {{"rights", "RIGHTS: (\\d+)"}, {"a,b", "x"}};
  header.experiment.timeout = Seconds{60};
  header.experiment.target = "process 11";
  header.experiment.per = "thread";
  header.experiment.interval = Seconds{0.5};
  header.experiment.delay = Seconds{0.125};
  header.machine = {{"arch", "ppc64le"}, {"cpu_model", "POWER9, altivec supported"}};
  header.environment = {{"OMP_NUM_THREADS", "8"}};
  header.start = at(0);
  header.start_unix_s = 1700000000.125;
  header.events = test_events();
  header.passes = {{{0, 2}, ""}, {{0, 1}, "task-clock and branch-misses both need a test's attention"}};
  header.counting_cost = CountingCost{{1250}, {830}};
  header.sources.resize(2);
  header.sources[0].name = "dcmi";
  header.sources[0].address = "dcmi://admin@bmc.example:623";
  header.sources[0].simulated = true;
  header.sources[0].rate_hz = 1;
  header.sources[1].name = "occ";
  header.sources[1].address = "/sys/firmware/opal";
  header.sources[1].rate_hz = 10;
  header.channels = {{0, "system", ChannelKind::instantaneous, "whole machine", 1},
                     {1,
                      "proc0",
                      ChannelKind::accumulating,
                      "socket 0",
                      0.001,
                      {40'000'000},
                      std::string(kMeterOnChip),
                      512e6,
                      Watts{0.5}}};
  return header;
}

inline Recording test_recording() {
  Recording recording = test_header();
  recording.executions = {test_execution(0, 1, 3, 1), test_execution(1, 1, 4, 1),
                          test_execution(1, 2, 5, 1.5), test_execution(2, 1, 7, 1),
                          test_execution(2, 2, 8, 0.125)};
  Execution& failed = recording.executions[3];
  failed.exit_status = 1;
  failed.items.reset();
  failed.captures = {std::nullopt, kHostile};
  failed.readings[1] = {2, 0, {0}, {0}, CountStatus::not_counted, "never ran"};
  recording.executions[4].exit_status = 137;
  recording.executions[4].signal = 9;
  recording.executions[4].timed_out = true;
  recording.samples = {{0, at(0.5), {250'000}, Watts{300}, {}, 1'700'000'000, SampleStatus::ok},
                       {1, at(0.5), {1'500}, {}, Joules{12345.678}, {}, SampleStatus::ok},
                       {0, at(1.5), {250'000}, Watts{301.5}, {}, 1'700'000'001, SampleStatus::inactive},
                       {0, at(2.5), {20'000'000'000}, {}, {}, {}, SampleStatus::timeout}};
  recording.server_bins = {{1, at(-60), at(-30), Watts{512}, 0.25, 3.5, 0.5, 0.125, 20.0},
                           {1, at(-30), at(0), {}, 0.75, {}, {}, {}, {}}};
  recording.windows = {{true, at(0), at(2.5)}, {false, at(8.5), at(11)}};
  recording.notes = {{NoteKind::refusal, at(0), "rapl: no such zone"},
                     {NoteKind::warning, at(6), kHostile},
                     {NoteKind::notice, at(8.25), "enough tests"}};
  recording.sources[0].reads = 3;
  recording.sources[0].failures = 1;
  recording.sources[0].reconnects = 1;
  recording.sources[0].missed = 2;
  recording.sources[0].cpu = {0.0625};
  recording.ending = Ending::complete;
  recording.end = at(11.5);
  return recording;
}

// The same in two variants, with commands around the tests.
inline Recording test_variants() {
  Recording recording = test_recording();
  Experiment& experiment = recording.experiment;
  experiment.variants = {
      {"threads=1 name=a b", {{"threads", "1"}, {"name", "a b"}}, {"python3", "-c", "1"}},
      {"threads=2 name=" + kHostile, {{"threads", "2"}, {"name", kHostile}}, {"python3", "-c", "2"}}};
  experiment.procedure = {{"order", "interleaved"}, {"prepare", "sync {threads}"}};
  const std::vector<Execution> first = recording.executions;
  for (Execution second : first) {
    second.variant = 1;
    recording.executions.push_back(std::move(second));
  }
  recording.interludes = {{Around::setup, at(2.5), at(2.75)}, {Around::cleanup, at(11), at(11.5)}};
  return recording;
}

// With regions of two threads in one execution.
inline Recording with_regions(Recording recording) {
  recording.mark_cost = Nanoseconds{65};
  recording.region_scope = "process";
  recording.peaks = {
      {{"governor", "performance"}},
      {{"fp32", 2, {1.5e11, 1.25e11}, "AVX2+FMA: 12 chains; 8 each"}, {"memory", 1, {1e10}, "x"}}};
  recording.regions = {{-1, "predict", 1, kMarksCollector},
                       {0, "a/b", 1, kMarksCollector, {2e9, 4e6, "brgconv:avx2"}},
                       {0, kHostile, 2, kMarksCollector}};
  recording.executions[1].regions = std::make_shared<ExecutionRegions>(
      ExecutionRegions{{{11, 11, "python3", 0}, {11, 12, "worker", 97, at(4.9)}},
                       {{0, 0, 1, 0.5, {900'000'000}, {300'000'000}},
                        {0, 1, 2, 0, {600'000'000}, {600'000'000}},
                        {1, 2, 100, 0, {1000}, {900}}},
                       {{0, 0, at(4), at(4.9)}, {0, 1, at(4.1), at(4.3)}, {0, 1, at(4.4), at(4.8)}},
                       {{0, 2, 800'000'000, 300'000'000, {9}, {9}, CountStatus::ok, -1},
                        {0, 4, 7, 3, {9}, {6}, CountStatus::scaled, 0},
                        {2, 2, 5, 5, {}, {}, CountStatus::not_counted, 1}},
                       {"beside others", "1 of 100 calls not counted"}});
  return recording;
}

// With three ranks in one execution: one has ended, one did not, one is missing.
inline Recording with_ranks(Recording recording) {
  recording.rank_places = {{0, 3, 0, 2, "n1", "Open MPI", "0-3", "0"},
                           {1, 3, std::nullopt, std::nullopt, kHostile, "Slurm", "", ""}};
  recording.node_idles = {
      {true,
       0,
       1700000001.5,
       Seconds{10},
       {"hwmon", "power1", "whole machine", Joules{900}, Joules{9}, Watts{90}, Watts{80}, Watts{95}, 100,
        false, ""}},
      {false, 1, 1700000009.5, std::nullopt, {"", "", "", {}, {}, {}, {}, {}, 0, true, kHostile}}};
  auto ranks = std::make_shared<ExecutionRanks>();
  ranks->size = 3;
  ranks->ranks = {{0,
                   0,
                   RankState::ended,
                   1700000004.25,
                   Seconds{1.5},
                   RankUsage{{1}, {0.25}, 2048, 1, 2, 3, 4, 0, 0},
                   {{0, 1000, {9}, {9}, CountStatus::ok, ""}, {2, 1'750'000, {9}, {9}, CountStatus::ok, ""}},
                   {{"hwmon", "power1", "whole machine", Joules{300.5}, Joules{2}, Watts{200}, Watts{190},
                     Watts{210}, 15, false, ""},
                    {"", "", "", {}, {}, {}, {}, {}, 0, true, kHostile}},
                   NodeUse{Seconds{3.5}, 4, ""}},
                  {1,
                   1,
                   RankState::unfinished,
                   1700000004.5,
                   Seconds{0.5},
                   std::nullopt,
                   {{0, 0, {}, {}, CountStatus::not_counted, "nobody told it"}},
                   {},
                   NodeUse{std::nullopt, 0, kHostile}},
                  {2, -1, RankState::missing}};
  recording.executions[1].ranks = std::move(ranks);
  return recording;
}

// Puts all of `recording` but its end into `sink`.
inline Result<> put_all(Sink& sink, const Recording& recording) {
  Result<> done = sink.begin(recording);
  if (done) done = sink.regions(recording.regions);
  if (done) done = sink.rank_places(recording.rank_places);
  if (done) done = sink.node_idles(recording.node_idles);
  for (const Execution& execution : recording.executions)
    if (done) done = sink.execution(execution);
  if (done) done = sink.samples(recording.samples.unpacked());
  if (done) done = sink.server_bins(recording.server_bins);
  for (const Window& window : recording.windows)
    if (done) done = sink.window(window);
  for (const Interlude& interlude : recording.interludes)
    if (done) done = sink.interlude(interlude);
  for (const Note& note : recording.notes)
    if (done) done = sink.note(note);
  return done;
}

// Records `recording` to `path` from begin to end.
inline Result<> record(const std::filesystem::path& path, const Recording& recording) {
  const auto sink = SqliteSink::create(path, IfExists::refuse);
  if (!sink) return pass_on(sink);
  if (auto put = put_all(**sink, recording); !put) return put;
  return (*sink)->end(recording.ending, recording.end, recording.sources);
}

}  // namespace pw::test
