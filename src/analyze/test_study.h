// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings for tests: the study on a POWER9 as it would have been recorded, and poorer ones.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/recording.h"

namespace pw::test {

// `seconds` after the start of the recording.
inline Nanoseconds at(double seconds) { return to_nanoseconds({1000 + seconds}); }

// -1 to 1, the same in every run.
inline double noise(std::uint64_t seed) {
  seed = (seed + 1) * 0x9e3779b97f4a7c15U;
  seed = (seed ^ (seed >> 29)) * 0xbf58476d1ce4e5b9U;
  return static_cast<double>((seed ^ (seed >> 32)) >> 11) / 4503599627370496.0 - 1;
}

struct StudyEvent {
  std::string_view name, hardware, unit;
  double count;  // of one execution
  std::vector<int> passes;
};

inline std::vector<StudyEvent> study_events() {
  return {{"cycles", "PM_CYC r1e", "", 412e9, {1, 2, 3}},
          {"instructions", "PM_INST_CMPL r2", "", 655e9, {1, 2, 3}},
          {"cache-references", "PM_LD_REF_L1 r100fc", "", 171e9, {2}},
          {"cache-misses", "PM_LD_MISS_L1_FIN r2c04e", "", 8.9e9, {1}},
          {"branches", "PM_BR_CMPL r4d05e", "", 48e9, {1}},
          {"branch-misses", "PM_BR_MPRED_CMPL r400f6", "", 231e6, {2}},
          {"stalled-cycles-frontend", "PM_ICT_NOSLOT_CYC r100f8", "", 21e9, {3}},
          {"stalled-cycles-backend", "PM_CMPLU_STALL r1e054", "", 197e9, {1}},
          {"task-clock", "", "ns", 148e9, {1, 2, 3}},
          {"context-switches", "", "", 1840, {1, 2, 3}},
          {"cpu-migrations", "", "", 63, {1, 2, 3}},
          {"page-faults", "", "", 310500, {1, 2, 3}}};
}

struct Study {
  int tests = 11;
  int passes = 3;
  double seconds = 12;  // of one execution
  double idle = 20;     // of each window
  double rate = 1;      // readings a second
};

inline Execution study_execution(const Study& study, int test, int pass, double begin) {
  Execution one;
  one.test = test;
  one.pass = pass;
  const auto seed = static_cast<std::uint64_t>(test * 100 + pass);
  const double work = 1 + 0.006 * noise(seed);
  one.begin = at(begin);
  one.end = at(begin + study.seconds * work);
  one.user = {study.seconds * 11.9 * work};
  one.system = {study.seconds * 0.4 * work};
  one.max_rss_kb = 1'250'000 + test;
  one.items = 500;
  one.captures = {"0.866"};
  one.output = "RIGHTS: 433\nWRONGS: 67\nACC: 0.866\n";
  one.output_bytes = static_cast<std::int64_t>(one.output.size());
  const std::vector<StudyEvent> events = study_events();
  for (std::size_t i = 0; i < events.size(); ++i) {
    if (std::find(events[i].passes.begin(), events[i].passes.end(), pass) == events[i].passes.end()) continue;
    const double spread = events[i].name == "instructions" ? 0.0005 : 0.008;
    const double count = events[i].count * (1 + spread * noise(seed * 31 + i));
    const Nanoseconds on = one.end - one.begin;
    one.readings.push_back(
        {static_cast<int>(i), static_cast<std::uint64_t>(count), on, on, CountStatus::ok, ""});
  }
  return one;
}

// Everything but executions, samples and windows.
inline Recording study_header(const Study& study) {
  Recording header;
  header.version = "0.1.0";
  header.experiment.command = {"python3", "hotdog.py", "500", "1"};
  header.experiment.label = "ResNet-50, TensorFlow 2.1.1";
  header.experiment.tests = study.tests;
  header.experiment.idle = {study.idle};
  header.experiment.items = 500;
  header.experiment.captures = {{"acc", "ACC: ([0-9.]+)"}};
  header.machine = {{"arch", "ppc64le"},    {"cpu_model", "POWER9, altivec supported"},
                    {"cpus", "128"},        {"kernel", "Linux 6.1.0-18-powerpc64le"},
                    {"system", "8335-GTH"}, {"hostname", "minsky"}};
  header.start = at(0);
  header.start_unix_s = 1604864478;
  for (const StudyEvent& one : study_events()) {
    Event event;
    event.name = one.name;
    event.hardware_event = one.hardware;
    event.unit = one.unit;
    event.software = one.hardware.empty();
    event.passes = one.passes;
    header.events.push_back(event);
  }
  header.passes = {{{0, 1, 3, 4, 7, 8, 9, 10, 11}, ""},
                   {{0, 1, 2, 5, 8, 9, 10, 11}, "branches and branch-misses both need PMC4"},
                   {{0, 1, 6, 8, 9, 10, 11}, "cache-references and stalled-cycles-frontend both need PMC1"}};
  header.sources = {{"dcmi", "dcmi://admin@bmc.example", false, study.rate, 0, 0, 0, 0, 0, {}}};
  header.channels = {{0, "system", ChannelKind::instantaneous, "whole machine, by its BMC", 1}};
  header.ending = Ending::complete;
  return header;
}

// The machine's watts: idle, and on their way up and down with a time constant of 1.2 s.
inline double study_watts(const Recording& recording, double time) {
  double level = 252, since = 0, goal = 252;
  for (const Execution& one : recording.executions)
    for (const auto& [edge, watts] : {std::pair(one.begin, 352.0), std::pair(one.end, 255.0)}) {
      const double when = to_seconds(edge - recording.start).value;
      if (when > time) return goal + (level - goal) * std::exp(-(time - since) / 1.2);
      level = goal + (level - goal) * std::exp(-(when - since) / 1.2);
      since = when;
      goal = watts;
    }
  return goal + (level - goal) * std::exp(-(time - since) / 1.2);
}

inline void add_samples(Recording& recording, const Study& study, double until) {
  for (int i = 0; i < until * study.rate; ++i) {
    const double time = (i + 0.3) / study.rate;
    const double watts = study_watts(recording, time) +
                         4 * noise(static_cast<std::uint64_t>(i)) * noise(7U * static_cast<unsigned>(i) + 1U);
    recording.samples.push_back(
        {0, at(time), to_nanoseconds({0.002}), Watts{std::round(watts)}, {}, {}, SampleStatus::ok});
  }
  recording.sources[0].reads = static_cast<std::int64_t>(recording.samples.size());
}

// The study: tests of three passes, eight hardware events, power once a second.
inline Recording study_recording(const Study& study = {}) {
  Recording recording = study_header(study);
  double time = study.idle + 0.2;
  recording.windows.push_back({true, at(0), at(study.idle)});
  for (int test = 0; test <= study.tests; ++test)
    for (int pass = 1; pass <= (test == 0 ? 1 : study.passes); ++pass) {
      recording.executions.push_back(study_execution(study, test, pass, time));
      time = to_seconds(recording.executions.back().end - recording.start).value + 0.02;
    }
  recording.windows.push_back({false, at(time), at(time + study.idle)});
  recording.end = at(time + study.idle);
  add_samples(recording, study, time + study.idle);
  return recording;
}

// Three tests of a command in one pass: page faults were counted, cycles could not be.
inline Recording small_recording() {
  Recording recording;
  recording.experiment.command = {"./job"};
  recording.experiment.tests = 3;
  recording.passes = {{{1}, ""}};
  recording.ending = Ending::complete;
  recording.machine = {{"cpu_model", "POWER9"}};
  recording.events.resize(2);
  recording.events[0].name = "cycles";
  recording.events[0].status = CountStatus::not_supported;
  recording.events[0].reason = "no PMU";
  recording.events[1].name = "page-faults";
  recording.events[1].software = true;
  for (int test = 1; test <= 3; ++test) {
    Execution one;
    one.test = test;
    one.begin = {test * 2'000'000'000LL};
    one.end = one.begin + Nanoseconds{1'000'000'000};
    one.readings = {{1, static_cast<std::uint64_t>(100 + test), {5}, {5}, CountStatus::ok, ""}};
    recording.executions.push_back(one);
  }
  return recording;
}

}  // namespace pw::test
