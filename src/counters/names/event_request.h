// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pw {

// What makes an event of a PMU.
struct EventConfig {
  std::uint64_t config = 0, config1 = 0, config2 = 0;
};

// An event as asked for, before the kernel was asked.
struct EventRequest {
  std::string name;        // canonical, or as the hardware, sysfs or libpfm4 calls it
  std::string modifier;    // "u", "k", "uh", ... or ""
  std::uint32_t type = 0;  // PERF_TYPE_*, or a PMU's own
  std::uint64_t config = 0;
  std::uint64_t config1 = 0;
  std::uint64_t config2 = 0;
  std::string unit;
  double scale = 1;  // value * scale is in `unit`
  std::string meaning;
  std::string hardware;   // what stands behind the name, where the name's source says so
  std::vector<int> cpus;  // of a PMU that counts for whole CPUs only (its cpumask); else none
  bool kernel_only = false;
  int group = 0;       // from 1; 0: none
  bool leads = false;  // has to be opened first of its group
  // Of the PMUs of names/hypervisor.h alone: the PMU, and a counter of it that always rises.
  std::string pmu = {};
  std::optional<EventConfig> rising = {};

  bool software() const;
  bool clock() const;  // time, of which the kernel gives the whole whatever is left out
};

}  // namespace pw
