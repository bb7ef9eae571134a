// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/thread_counts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace pw {
namespace {

constexpr std::size_t kRingPages = 128;  // with the control page within perf_event_mlock_kb's default

// The words at the front of a record.
template <class T>
bool take_words(std::span<const std::byte>& bytes, T* words, std::size_t count) {
  if (bytes.size() < count * sizeof(T)) return false;
  std::memcpy(words, bytes.data(), count * sizeof(T));
  bytes = bytes.subspan(count * sizeof(T));
  return true;
}

void take_off(Reading& total, const Reading& part) {
  total.value -= std::min(part.value, total.value);
  total.running = std::max(total.running - part.running, Nanoseconds{0});
  total.enabled = std::max(total.enabled - part.enabled, total.running);
  total.status = status_of(total.enabled, total.running);
}

std::string text_of(std::span<const std::byte> bytes) {
  const auto* text = reinterpret_cast<const char*>(bytes.data());
  return printable(std::string_view(text, ::strnlen(text, bytes.size())));
}

}  // namespace

void ThreadCounts::prepare(perf_event_attr& attr, bool first_on_cpu) {
  attr.inherit_stat = 1;
  attr.read_format |= PERF_FORMAT_ID;
  attr.comm = attr.comm_exec = attr.task = first_on_cpu;
}

bool ThreadCounts::add(const PerfEvent& counter, int cpu, int event) {
  const auto id = counter.id();
  if (!id) return false;
  const auto same =
      std::find_if(rings_.begin(), rings_.end(), [&](const CpuRing& ring) { return ring.cpu == cpu; });
  if (same == rings_.end()) {
    auto ring = PerfRing::map(counter.fd(), kRingPages);
    if (!ring) return false;
    rings_.push_back({cpu, &counter, std::move(*ring)});
  } else if (counter.send_records_to(*same->first) != 0) {
    return false;
  }
  event_of_id_[*id] = event;
  return true;
}

void ThreadCounts::drain() {
  for (CpuRing& one : rings_)
    one.ring.drain(
        [this](const perf_event_header& header, std::span<const std::byte> bytes) { take(header, bytes); });
}

void ThreadCounts::take(const perf_event_header& header, std::span<const std::byte> bytes) {
  std::uint32_t ids[4] = {};
  std::uint64_t counts[2] = {};
  switch (header.type) {
    case PERF_RECORD_READ:
      take_read(bytes);
      break;
    case PERF_RECORD_COMM:  // pid, tid, name
      if (take_words(bytes, ids, 2)) names_[ids[1]] = text_of(bytes);
      break;
    case PERF_RECORD_FORK:  // pid, parent's pid, tid, parent's tid
      if (take_words(bytes, ids, 4)) parents_[ids[2]] = ids[3];
      break;
    case PERF_RECORD_LOST:  // id, lost
      if (take_words(bytes, counts, 2)) lost_ += counts[1];
      break;
    default:
      break;
  }
}

void ThreadCounts::take_read(std::span<const std::byte> bytes) {
  std::uint32_t ids[2];
  std::uint64_t words[4];  // value, enabled, running, id
  if (!take_words(bytes, ids, 2) || !take_words(bytes, words, 4)) return;
  const auto event = event_of_id_.find(words[3]);
  if (event == event_of_id_.end()) return;
  auto thread =
      std::find_if(ended_.rbegin(), ended_.rend(), [&](const Thread& one) { return one.tid == ids[1]; });
  if (thread == ended_.rend()) {
    ended_.push_back({ids[1], {}});
    thread = ended_.rbegin();
  }
  Reading& reading = thread->readings[event->second];
  reading.event = event->second;
  reading.value += words[0];
  reading.enabled += Nanoseconds{static_cast<std::int64_t>(words[1])};
  reading.running += Nanoseconds{static_cast<std::int64_t>(words[2])};
}

// Its own, or the one it inherited.
std::string ThreadCounts::name_of(std::uint32_t tid) const {
  for (std::size_t step = 0; step <= parents_.size(); ++step) {
    if (const auto name = names_.find(tid); name != names_.end()) return name->second;
    const auto parent = parents_.find(tid);
    if (parent == parents_.end()) break;
    tid = parent->second;
  }
  return "?";
}

void ThreadCounts::one_time(Reading& sum) const {
  sum.enabled = std::max(Nanoseconds{sum.enabled.value / static_cast<std::int64_t>(cpus_)}, sum.running);
  sum.status = status_of(sum.enabled, sum.running);
}

std::vector<PartReading> ThreadCounts::parts(std::uint32_t process, std::vector<Reading> totals) const {
  std::vector<PartReading> parts;
  for (const Thread& thread : ended_)
    for (auto [event, reading] : thread.readings) {
      one_time(reading);
      for (Reading& total : totals)
        if (total.event == event) take_off(total, reading);
      parts.push_back({fmt::format("thread {} {}", thread.tid, name_of(thread.tid)), std::move(reading)});
    }
  for (Reading& rest : totals)
    parts.push_back({fmt::format("thread {} {}", process, name_of(process)), std::move(rest)});
  return parts;
}

}  // namespace pw
