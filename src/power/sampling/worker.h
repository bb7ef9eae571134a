// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
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
#include "power/sampling/channel_watch.h"
#include "power/sampling/pace.h"
#include "power/sampling/schedule.h"

namespace pw {

// One source and the thread that reads it. Shared between the two, so that a thread left behind owns what it
// still touches.
struct SamplerWorker {
  std::unique_ptr<PowerReader> reader;  // of the thread alone, once it runs
  Nanoseconds period;
  Pace pace;
  Nanoseconds (*suspended)() = nullptr;
  Nanoseconds suspended_before;
  Nanoseconds cpu_counted;
  Seconds late_sum;
  std::int64_t wakes = 0;
  bool slept = false;                      // since energy was last read
  std::vector<PowerSample> reading;        // the one under way
  std::optional<std::int64_t> read_whole;  // the latest period in which all channels were read
  std::int64_t first_slot = 0;             // that is read
  int slow_readings = 0;                   // in a row
  Pause pause;                             // between readings; ended where the thread is to stop
  std::atomic<std::int64_t> edge = 0;      // when an execution last began or ended; 0: the thread knows

  mutable std::mutex mutex;      // for all that follows
  std::condition_variable wake;  // has ended
  PowerSource source;
  int source_number = 0;  // from 0
  std::vector<ChannelWatch> channels;
  bool stopping = false;
  bool ended = false;
  std::vector<PowerSample> samples;
  std::vector<ServerBin> bins;
  std::vector<Note> notes;
  std::optional<Watts> latest;
  bool lost = false;
  bool called_inactive = false;

  // Its thread has every signal blocked: they are for the main thread.
  static void start(const std::shared_ptr<SamplerWorker>& worker);

  // By another thread, which it keeps no longer than a system call: an execution begins or ends `now`.
  void mark(Nanoseconds now);

 private:
  void loop();
  Schedule begin_schedule();
  Nanoseconds read_once(Schedule& schedule, Nanoseconds due);
  void read_counters();
  void end_period(const Schedule& schedule, std::int64_t number,
                  std::optional<Nanoseconds> broken_off = std::nullopt);
  void mind_slow_readings(Schedule& schedule, Nanoseconds length);
  void count_cpu(Nanoseconds now);
  void note_lateness(Nanoseconds late);
  void note_suspension();
  void note_refusal();
  void take_bins(bool all);
  void take_last_bins();
  void slow_down(Schedule& schedule);
  std::optional<Nanoseconds> longest_renewal() const;
  bool take();
  bool take_channels();
  void note_changes(bool good);
  void warn(Nanoseconds time, const std::string& what);
};

}  // namespace pw
