// SPDX-License-Identifier: GPL-3.0-or-later
// What each thread of a command counted, as the kernel reports it when a thread ends (PERF_RECORD_READ).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "model/event.h"
#include "os/perf_event.h"
#include "os/perf_ring.h"

namespace pw {

class ThreadCounts {
 public:
  explicit ThreadCounts(std::size_t cpus) : cpus_(cpus) {}

  // For events that are counted on each CPU with their children: the attr of each, and of the first on a CPU.
  static void prepare(perf_event_attr& attr, bool first_on_cpu);

  // The first event that is added for a CPU gets the ring of that CPU. False where the kernel gives none, or
  // no number of the event.
  bool add(const PerfEvent& counter, int cpu, int event);

  // Takes the records that are there. To be called often, since a full ring loses records.
  void drain();

  // A thread's counter of each CPU is enabled wherever the thread runs: the sum of their times as the time on
  // any.
  void one_time(Reading& sum) const;

  // Threads in the order in which they ended, and at last the first thread of the command `process`, which
  // has what they leave of `totals`. `lost`: records that did not fit.
  std::vector<PartReading> parts(std::uint32_t process, std::vector<Reading> totals) const;
  std::uint64_t lost() const { return lost_; }

 private:
  struct Thread {
    std::uint32_t tid = 0;
    std::map<int, Reading> readings;  // by event
  };
  void take(const perf_event_header& header, std::span<const std::byte> bytes);
  std::string name_of(std::uint32_t tid) const;
  void take_read(std::span<const std::byte> bytes);

  std::size_t cpus_;

  struct CpuRing {
    int cpu = 0;
    const PerfEvent* first = nullptr;
    PerfRing ring;
  };
  std::vector<CpuRing> rings_;
  std::map<std::uint64_t, int> event_of_id_;
  // By tid. Rings are read one after the other, so that a name may come after the count.
  std::map<std::uint32_t, std::string> names_;
  std::map<std::uint32_t, std::uint32_t> parents_;
  std::vector<Thread> ended_;
  std::uint64_t lost_ = 0;
};

}  // namespace pw
