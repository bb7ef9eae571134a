// SPDX-License-Identifier: GPL-3.0-or-later
#include "regions/region_slab.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "mark/slab.h"
#include "os/clock.h"
#include "os/command/open_files.h"
#include "os/command/sealed_memory.h"

namespace pw {
namespace {

// Tells slabs of other executions apart.
std::uint64_t new_stamp() {
  static std::uint64_t count = 0;
  const auto now = static_cast<std::uint64_t>(monotonic_now().value);
  return (now + ++count) * 0x9e3779b97f4a7c15U ^ static_cast<std::uint64_t>(::getpid()) << 40;
}

// Behind the head.
constexpr std::uint32_t kCountingAt = (sizeof(pw_head) + PW_SLAB_UNIT - 1) / PW_SLAB_UNIT * PW_SLAB_UNIT;

pw_head head_of(std::uint64_t stamp) {
  pw_head head{};
  head.magic = PW_SLAB_MAGIC;
  head.version = PW_SLAB_VERSION;
  head.bytes = PW_SLAB_BYTES;
  head.stamp = stamp;
  head.node_bytes = sizeof(pw_node);
  head.frame_bytes = sizeof(pw_frame);
  head.used = kCountingAt + (sizeof(pw_counting) + PW_SLAB_UNIT - 1) / PW_SLAB_UNIT * PW_SLAB_UNIT;
  return head;
}

}  // namespace

std::optional<RegionSlab> RegionSlab::make() {
  const std::uint64_t stamp = new_stamp();
  const pw_head head = head_of(stamp);
  char bytes[sizeof head];
  std::memcpy(bytes, &head, sizeof head);
  std::optional<Descriptor> memory = sealed_memory(PW_SLAB_NAME, bytes, PW_SLAB_BYTES);
  if (!memory) return std::nullopt;
  return RegionSlab(std::move(*memory), stamp);
}

bool RegionSlab::hand_to(ChildOptions& child) {
  numbers_ = unused_descriptors(1 + PW_MOST_GROUPS);
  if (numbers_.empty()) return false;
  child.handed = {memory_.fd(), numbers_.front()};
  numbers_.erase(numbers_.begin());
  const std::string name = std::string(PW_SLAB_VARIABLE) + "=";
  if (std::ranges::any_of(child.variables, [&](const std::string& one) { return one.starts_with(name); }))
    child.handed = {};  // a parameter of -L has that name
  if (child.handed.fd < 0) return false;
  child.variables.push_back(fmt::format("{}={}:{:016x}:{}:{}", PW_SLAB_VARIABLE, child.handed.number, stamp_,
                                        ::getpid(), memory_.fd()));
  return true;
}

void RegionSlab::say(const pw_counting& counting) const {
  const std::uint32_t at = kCountingAt;
  const auto write = [&](const auto& what, std::size_t offset) {
    (void)!::pwrite(memory_.fd(), &what, sizeof what, static_cast<off_t>(offset));
  };
  write(counting, kCountingAt);
  write(counting.events, offsetof(pw_head, events));
  write(at, offsetof(pw_head, counting));
}

std::vector<Handed> RegionSlab::count(const RegionCounters& counters, int ask) const {
  std::vector<Handed> given;
  if (counters.groups.empty() || numbers_.empty()) return given;
  if (ask >= 0) {
    say(counting_of(counters, {}, numbers_.front()));
    return {{ask, numbers_.front()}};
  }
  say(counting_of(counters, numbers_, -1));
  for (std::size_t i = 0; i < counters.groups.size() && i < numbers_.size(); ++i)
    given.push_back({counters.groups[i].fd, numbers_[i]});
  return given;
}

void RegionSlab::count_here(const RegionCounters& counters) const {
  std::vector<int> numbers;
  for (const CounterGroup& group : counters.groups) numbers.push_back(group.fd);
  RegionCounters here = counters;
  here.scope = RegionScope::process;  // these need not be asked for
  if (!numbers.empty()) say(counting_of(here, numbers, -1));
}

std::string RegionSlab::content() const {
  const std::string start = read_memory(memory_.fd(), sizeof(pw_head));
  pw_head head{};
  if (start.size() != sizeof head) return "";
  std::memcpy(&head, start.data(), sizeof head);
  if (head.processes == 0 && head.refused == 0) return "";
  return read_memory(memory_.fd(), std::clamp<std::uint64_t>(head.used, sizeof head, PW_SLAB_BYTES));
}

}  // namespace pw
