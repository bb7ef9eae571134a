// SPDX-License-Identifier: GPL-3.0-or-later
#include <linux/perf_event.h>

#include "counters/names/event_names.h"

namespace pw {
namespace {

constexpr auto HW = PERF_TYPE_HARDWARE;
constexpr auto SW = PERF_TYPE_SOFTWARE;

constexpr NamedEvent kEvents[] = {
    {"cycles", "cpu-cycles", HW, PERF_COUNT_HW_CPU_CYCLES, "", false, "CPU cycles"},
    {"instructions", "", HW, PERF_COUNT_HW_INSTRUCTIONS, "", false, "instructions retired"},
    {"cache-references", "", HW, PERF_COUNT_HW_CACHE_REFERENCES, "", false,
     "cache accesses: L1 data loads on POWER, mostly the last level elsewhere"},
    {"cache-misses", "", HW, PERF_COUNT_HW_CACHE_MISSES, "", false,
     "cache misses: L1 data loads on POWER, mostly the last level elsewhere"},
    {"branches", "branch-instructions", HW, PERF_COUNT_HW_BRANCH_INSTRUCTIONS, "", false, "branches retired"},
    {"branch-misses", "", HW, PERF_COUNT_HW_BRANCH_MISSES, "", false, "branches predicted wrongly"},
    {"stalled-cycles-frontend", "idle-cycles-frontend", HW, PERF_COUNT_HW_STALLED_CYCLES_FRONTEND, "", false,
     "cycles in which nothing came from the front end"},
    {"stalled-cycles-backend", "idle-cycles-backend", HW, PERF_COUNT_HW_STALLED_CYCLES_BACKEND, "", false,
     "cycles in which the back end completed nothing"},
    {"bus-cycles", "", HW, PERF_COUNT_HW_BUS_CYCLES, "", false, "bus cycles"},
    {"ref-cycles", "", HW, PERF_COUNT_HW_REF_CPU_CYCLES, "", false, "cycles at the reference frequency"},
    {"task-clock", "", SW, PERF_COUNT_SW_TASK_CLOCK, "ns", false, "CPU time of the command's threads"},
    {"cpu-clock", "", SW, PERF_COUNT_SW_CPU_CLOCK, "ns", false, "CPU time by the CPU's own clock"},
    {"context-switches", "cs", SW, PERF_COUNT_SW_CONTEXT_SWITCHES, "", true, "times a thread left its CPU"},
    {"cpu-migrations", "migrations", SW, PERF_COUNT_SW_CPU_MIGRATIONS, "", true,
     "times a thread moved to another CPU"},
    {"page-faults", "faults", SW, PERF_COUNT_SW_PAGE_FAULTS, "", false, "page faults, minor and major"},
    {"minor-faults", "", SW, PERF_COUNT_SW_PAGE_FAULTS_MIN, "", false, "page faults without input or output"},
    {"major-faults", "", SW, PERF_COUNT_SW_PAGE_FAULTS_MAJ, "", false, "page faults that read from a disk"},
    {"alignment-faults", "", SW, PERF_COUNT_SW_ALIGNMENT_FAULTS, "", false,
     "unaligned accesses the kernel fixed"},
    {"bpf-output", "", SW, PERF_COUNT_SW_BPF_OUTPUT, "", false, "output of BPF programs"},
    {"cgroup-switches", "", SW, PERF_COUNT_SW_CGROUP_SWITCHES, "", true,
     "switches between threads of different cgroups"},
    {"dummy", "", SW, PERF_COUNT_SW_DUMMY, "", false, "counts nothing"},
    {"emulation-faults", "", SW, PERF_COUNT_SW_EMULATION_FAULTS, "", false,
     "instructions the kernel emulated"},
};

}  // namespace

std::span<const NamedEvent> named_events() { return kEvents; }

}  // namespace pw
