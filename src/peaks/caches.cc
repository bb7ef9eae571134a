// SPDX-License-Identifier: GPL-3.0-or-later
#include "peaks/caches.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "base/list.h"
#include "base/text.h"
#include "machine/cgroup.h"
#include "model/peaks.h"
#include "peaks/kernels/kernels.h"

namespace pw {
namespace {

constexpr std::size_t kKiB = 1024, kMiB = 1024 * kKiB;
constexpr std::size_t kUsualL1 = 32 * kKiB;         // no CPU of today has less
constexpr std::size_t kMemoryUnknown = 256 * kMiB;  // where no cache is known
constexpr std::size_t kLeastMemory = 16 * kMiB;
constexpr std::size_t kTimesCaches = 4;  // so much of what is read cannot be in a cache of the last pass

// "32K", "1M".
std::optional<std::size_t> cache_bytes(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const char unit = text.back();
  const auto number = parse_integer(std::string_view(text).substr(0, text.size() - 1));
  if (!number || *number <= 0 || *number > (std::int64_t{1} << 30)) return std::nullopt;
  if (unit != 'K' && unit != 'M') return std::nullopt;
  return static_cast<std::size_t>(*number) * (unit == 'K' ? kKiB : kMiB);
}

// Of as many of the threads as share it.
std::size_t share_of(const CacheLevel& level, const std::vector<int>& cpus) {
  const auto sharing = std::ranges::count_if(
      cpus, [&](int cpu) { return std::ranges::find(level.cpus, cpu) != level.cpus.end(); });
  return level.bytes / static_cast<std::size_t>(std::max<std::ptrdiff_t>(sharing, 1));
}

std::size_t whole_blocks(std::size_t bytes) { return std::max(bytes / kBlock, std::size_t{1}) * kBlock; }

// More than twice what the level below holds, less than it holds itself.
Result<WorkingSet> set_within(std::string_view quantity, const std::optional<CacheLevel>& level,
                              std::size_t below, const std::vector<int>& cpus) {
  if (!level)
    return fail(Failure::not_possible, fmt::format("{}: the kernel tells of no such cache", quantity));
  const std::size_t bytes = whole_blocks(share_of(*level, cpus) / 2);
  if (bytes < 2 * below)
    return fail(Failure::not_possible,
                fmt::format("{}: a thread's half of it, {} KiB, is not twice what the level below holds",
                            quantity, bytes / kKiB));
  return WorkingSet{bytes, ""};
}

Result<WorkingSet> set_of_memory(const Caches& caches, const std::vector<int>& cpus, std::size_t available) {
  const auto& last = caches.l3 ? caches.l3 : caches.l2;
  const std::size_t share = last ? share_of(*last, cpus) : 0;
  const std::size_t wanted = last ? std::max(kTimesCaches * share, kLeastMemory) : kMemoryUnknown;
  const std::size_t most = available / 4 / std::max(cpus.size(), std::size_t{1});
  const std::size_t bytes = available > 0 ? std::min(wanted, most) : wanted;
  if (bytes < std::max(2 * share, kLeastMemory))
    return fail(Failure::not_possible,
                fmt::format("memory: {} MiB are too few to read past the caches", available / kMiB));
  return WorkingSet{whole_blocks(bytes), last ? "" : "no size of a cache is known"};
}

}  // namespace

Caches read_caches(const Root& root, int cpu) {
  Caches caches;
  const std::string folder = fmt::format("sys/devices/system/cpu/cpu{}/cache", cpu);
  for (const std::string& name : root.names(folder)) {
    const std::string cache = folder + "/" + name + "/";
    const auto type = root.text(cache + "type");
    const auto bytes = cache_bytes(root.text(cache + "size").value_or(""));
    if (!type || *type == "Instruction" || !bytes) continue;
    const long level = root.number(cache + "level").value_or(0);
    const auto cpus = parse_list(root.text(cache + "shared_cpu_list").value_or(""));
    const CacheLevel one{*bytes, cpus.value_or(std::vector<int>{})};
    if (level == 1) caches.l1 = one;
    if (level == 2) caches.l2 = one;
    if (level == 3) caches.l3 = one;
  }
  return caches;
}

Result<WorkingSet> working_set(const Caches& caches, std::string_view quantity, const std::vector<int>& cpus,
                               std::size_t available) {
  const std::size_t l1 = caches.l1 ? share_of(*caches.l1, cpus) : kUsualL1;
  if (quantity == kPeakL1)
    return WorkingSet{whole_blocks(l1 / 2), caches.l1 ? "" : "L1 taken as 32 KiB: its size is not known"};
  if (quantity == kPeakL2) return set_within(quantity, caches.l2, l1, cpus);
  if (quantity == kPeakL3)
    return set_within(quantity, caches.l3, caches.l2 ? share_of(*caches.l2, cpus) : l1, cpus);
  return set_of_memory(caches, cpus, available);
}

std::size_t available_memory(const Root& root) {
  std::size_t bytes = 0;
  std::istringstream lines(root.text("proc/meminfo").value_or(""));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("MemAvailable:"))
      bytes = static_cast<std::size_t>(std::strtoull(line.c_str() + 13, nullptr, 10)) * kKiB;
  const auto limit = cgroup_limits(root).memory_bytes;
  return limit && (bytes == 0 || *limit < static_cast<double>(bytes)) ? static_cast<std::size_t>(*limit)
                                                                      : bytes;
}

}  // namespace pw
