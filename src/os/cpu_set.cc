// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/cpu_set.h"

#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "base/list.h"

namespace pw {
namespace {

constexpr std::size_t kBits = sizeof(unsigned long) * CHAR_BIT;

// sched.h's type for a set of any size.
cpu_set_t* as_set(unsigned long* words) { return reinterpret_cast<cpu_set_t*>(words); }
const cpu_set_t* as_set(const unsigned long* words) { return reinterpret_cast<const cpu_set_t*>(words); }

}  // namespace

CpuSet::CpuSet(const std::vector<int>& cpus) {
  for (const int cpu : cpus) {
    const auto bit = static_cast<std::size_t>(cpu);
    words_.resize(std::max(words_.size(), bit / kBits + 1), 0);
    words_[bit / kBits] |= 1UL << bit % kBits;
  }
}

// The kernel refuses a set that is smaller than its own.
CpuSet CpuSet::usable() {
  CpuSet set;
  for (std::size_t cpus = CPU_SETSIZE; cpus <= kListEnd; cpus *= 2) {
    set.words_.assign(cpus / kBits, 0);
    if (::sched_getaffinity(0, set.words_.size() * sizeof set.words_[0], as_set(set.words_.data())) == 0)
      return set;
    if (errno != EINVAL) break;
  }
  return {};
}

bool CpuSet::contains(int cpu) const {
  const auto bit = static_cast<std::size_t>(cpu);
  return cpu >= 0 && bit / kBits < words_.size() && (words_[bit / kBits] >> bit % kBits & 1) != 0;
}

std::vector<int> CpuSet::cpus() const {
  std::vector<int> cpus;
  for (int cpu = 0; cpu < static_cast<int>(words_.size() * kBits); ++cpu)
    if (contains(cpu)) cpus.push_back(cpu);
  return cpus;
}

int CpuSet::pin_this_thread() const {
  return ::sched_setaffinity(0, words_.size() * sizeof(unsigned long), as_set(words_.data())) == 0 ? 0
                                                                                                   : errno;
}

std::vector<int> cpus_online(const Root& root) {
  const auto list = root.text("sys/devices/system/cpu/online");
  return list ? parse_list(*list).value_or(std::vector<int>{}) : std::vector<int>{};
}

Result<CpuSet> parse_cpus(const std::string& list) {
  const auto wanted = parse_list(list);
  if (!wanted)
    return fail(Failure::input, "'" + list + "' is not a list of CPUs", "--cpus", "write it as 0-3,8");
  const CpuSet usable = CpuSet::usable();
  for (const int cpu : *wanted)
    if (!usable.contains(cpu))
      return fail(Failure::not_possible, "CPU " + std::to_string(cpu) + " is not one that we may run on",
                  "--cpus", "see: nproc, taskset -p $$");
  return CpuSet(*wanted);
}

}  // namespace pw
