// SPDX-License-Identifier: GPL-3.0-or-later
#include "regions/region_slab.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
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

pw_head head_of(std::uint64_t stamp) {
  pw_head head{};
  head.magic = PW_SLAB_MAGIC;
  head.version = PW_SLAB_VERSION;
  head.bytes = PW_SLAB_BYTES;
  head.stamp = stamp;
  head.node_bytes = sizeof(pw_node);
  head.frame_bytes = sizeof(pw_frame);
  head.used = (sizeof(pw_head) + PW_SLAB_UNIT - 1) / PW_SLAB_UNIT * PW_SLAB_UNIT;
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

void RegionSlab::hand_to(ChildOptions& child) const {
  child.handed = {memory_.fd(), unused_descriptor()};
  if (child.handed.number < 0) child.handed.fd = -1;
  const std::string name = std::string(PW_SLAB_VARIABLE) + "=";
  if (std::ranges::any_of(child.variables, [&](const std::string& one) { return one.starts_with(name); }))
    child.handed = {};  // a parameter of -L has that name
  if (child.handed.fd < 0) return;
  child.variables.push_back(fmt::format("{}={}:{:016x}:{}:{}", PW_SLAB_VARIABLE, child.handed.number, stamp_,
                                        ::getpid(), memory_.fd()));
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
