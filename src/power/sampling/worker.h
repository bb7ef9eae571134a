// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/units.h"
#include "model/power.h"
#include "model/recording.h"
#include "os/pause.h"
#include "power/reader/power_reader.h"
#include "power/sampling/freeze.h"
#include "power/sampling/renewal.h"
#include "power/sampling/schedule.h"

namespace pw {

// One source and the thread that reads it. Shared between the two, so that a thread left behind owns what it
// still touches.
struct SamplerWorker {
  std::unique_ptr<PowerReader> reader;  // of the thread alone, once it runs
  int first_channel = 0;
  Nanoseconds period;
  Nanoseconds (*suspended)() = nullptr;
  Nanoseconds suspended_before;
  Nanoseconds cpu_counted;
  Renewal renewal;
  std::optional<Freeze> freeze;
  Seconds late_sum;
  std::int64_t wakes = 0;
  bool slept = false;                // since energy was last read
  std::vector<PowerSample> reading;  // the one under way
  std::vector<PowerSample> before;   // the last good one
  Pause pause;                       // between readings; ended where the thread is to stop

  mutable std::mutex mutex;      // for all that follows
  std::condition_variable wake;  // has ended
  PowerSource source;
  bool stopping = false;
  bool ended = false;
  std::vector<PowerSample> samples;
  std::vector<Note> notes;
  std::optional<Watts> latest;
  bool lost = false;
  bool called_inactive = false;

  // Its thread has every signal blocked: they are for the main thread.
  static void start(const std::shared_ptr<SamplerWorker>& worker);

 private:
  void loop();
  Nanoseconds read_once(Schedule& schedule, Nanoseconds due);
  void count_cpu(Nanoseconds now);
  void note_lateness(Nanoseconds late);
  void note_suspension();
  void slow_down(Schedule& schedule);
  bool take();
  void note_changes(bool good);
  void warn(Nanoseconds time, const std::string& what);
};

}  // namespace pw
