// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/sets/counter_set.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <system_error>

#include "counters/sets/doubtful_zero.h"

namespace pw {
namespace {

constexpr int kMostTogether = 16;  // software events that form a group

std::string why_not(int error) {
  const std::string what = "it could not be opened: " + std::generic_category().message(error);
  return error == EMFILE ? what + ": raise the hard limit of open files (ulimit -Hn)" : what;
}

}  // namespace

// Opens the events of a pass at one place after the other.
class CounterSet::Opening {
 public:
  Opening(CounterSet& set, const CountingPlan& plan, CountFrom from, Inherit inherit)
      : set_(set), plan_(plan), from_(from), inherit_(inherit) {}

  void open_at(const CountPlace& place, std::span<const int> events) {
    leaders_.clear();
    software_ = 0;
    part_ = part_of(place.part);
    for (const int event : events)
      if (plan_.events[static_cast<std::size_t>(event)].cpus.empty()) open_one(event, place);
  }

  void open_on_its_cpus(int event) {
    part_ = part_of("");
    for (const int cpu : plan_.events[static_cast<std::size_t>(event)].cpus) {
      leaders_.clear();
      open_one(event, {-1, cpu, ""});
    }
  }

 private:
  // Events with the same key lead and follow each other; nothing: on its own.
  std::optional<int> group_of(const ResolvedEvent& resolved) {
    if (!resolved.cpus.empty()) return std::nullopt;
    if (resolved.event.software)
      return plan_.read_by_marks ? std::optional(-1 - software_++ / kMostTogether) : std::nullopt;
    if (!plan_.multiplex) return 0;
    return resolved.event.group > 0 ? std::optional(resolved.event.group) : std::nullopt;
  }

  std::size_t part_of(const std::string& part) {
    const auto at = std::find(set_.parts_.begin(), set_.parts_.end(), part);
    if (at != set_.parts_.end()) return static_cast<std::size_t>(at - set_.parts_.begin());
    set_.parts_.push_back(part);
    return set_.parts_.size() - 1;
  }

  void open_one(int event, const CountPlace& place) {
    const ResolvedEvent& resolved = plan_.events[static_cast<std::size_t>(event)];
    const std::optional<int> group = group_of(resolved);
    const auto leader = group ? leaders_.find(*group) : leaders_.end();
    const bool leads = leader == leaders_.end();
    Slot slot;
    slot.event = event;
    slot.part = part_;
    slot.by_exec = from_ == CountFrom::exec && place.pid > 0;
    perf_event_attr attr = resolved.attr;
    attr.disabled = leads;
    attr.enable_on_exec = leads && slot.by_exec;
    if (place.pid < 0 || inherit_ == Inherit::no) attr.inherit = 0;
    auto counter =
        leads ? open_leader(attr, place) : PerfEvent::open(attr, place.pid, place.cpu, leader->second);
    if (counter) {
      slot.counter = std::move(*counter);
      if (group && leads) leaders_[*group] = slot.counter->fd();
      note_group(event, *slot.counter, leads ? -1 : leader->second);
    } else {
      slot.error = counter.error();
    }
    slot.zero_is_doubtful = resolved.zero_is_doubtful;
    if (slot.counter && resolved.rising) open_rising(slot, *resolved.rising, place);
    set_.slots_.push_back(std::move(slot));
  }

  // Linux before 4.13 refuses to read groups that are inherited.
  tl::expected<PerfEvent, int> open_leader(perf_event_attr attr, const CountPlace& place) const {
    const bool marked = plan_.read_by_marks && place.pid > 0;
    if (marked) attr.read_format |= PERF_FORMAT_GROUP;
    auto counter = PerfEvent::open(attr, place.pid, place.cpu, -1);
    if (counter || !marked || counter.error() != EINVAL) return counter;
    attr.read_format &= ~std::uint64_t{PERF_FORMAT_GROUP};
    return PerfEvent::open(attr, place.pid, place.cpu, -1);
  }

  void note_group(int event, const PerfEvent& counter, int leader) {
    if (counter.reads_group()) set_.groups_.push_back({counter.fd(), {event}});
    if (leader < 0) return;
    for (CounterGroup& group : set_.groups_)
      if (group.fd == leader) group.events.push_back(event);
  }

  static void open_rising(Slot& slot, perf_event_attr attr, const CountPlace& place) {
    attr.disabled = 1;
    attr.inherit = 0;
    auto counter = PerfEvent::open(attr, place.pid, place.cpu, -1);
    if (counter) slot.rising = std::move(*counter);
  }

  CounterSet& set_;
  const CountingPlan& plan_;
  CountFrom from_;
  Inherit inherit_;
  std::map<int, int> leaders_;  // descriptors by group
  std::size_t part_ = 0;
  int software_ = 0;  // events so far
};

CounterSet CounterSet::open(const CountingPlan& plan, int pass, std::span<const CountPlace> places,
                            CountFrom from, Inherit inherit) {
  CounterSet set;
  const std::vector<int>& events = plan.passes[static_cast<std::size_t>(pass - 1)].events;
  Opening opening(set, plan, from, inherit);
  for (const CountPlace& place : places) opening.open_at(place, events);
  if (inherit == Inherit::no) return set;
  for (const int event : events) opening.open_on_its_cpus(event);
  return set;
}

void CounterSet::start() const {
  for (const Slot& slot : slots_) {
    if (slot.rising) slot.rising->enable();
    if (slot.counter && !slot.by_exec) slot.counter->enable();
  }
}

void CounterSet::stop() const {
  for (const Slot& slot : slots_) {
    if (slot.counter && !slot.by_exec) slot.counter->disable();
    if (slot.rising) slot.rising->disable();
  }
}

// Why its count is none; "" where it is one, or where it never ran, which the count says itself.
std::string CounterSet::doubt(const Slot& slot, const PerfCount& count) {
  if (!slot.zero_is_doubtful || count.running.value <= 0) return "";
  const auto rising = slot.rising ? slot.rising->read() : tl::expected<PerfCount, int>(tl::unexpect, 0);
  return why_no_count(count.value, rising ? std::optional(rising->value) : std::nullopt);
}

void CounterSet::add_slot(ReadingSums& sums, const Slot& slot) {
  if (!slot.counter) {
    sums.add_failed(slot.event, why_not(slot.error), slot.error == ESRCH);
    return;
  }
  const auto count = slot.counter->read();
  if (const std::string why = count ? doubt(slot, *count) : ""; !why.empty())
    sums.add_failed(slot.event, why);
  else if (count)
    sums.add({slot.event, count->value, count->enabled, count->running, CountStatus::ok, ""});
  else
    sums.add_failed(slot.event, "it could not be read: " + std::generic_category().message(count.error()));
}

ReadingSums CounterSet::sums() const {
  ReadingSums sums;
  for (const Slot& slot : slots_) add_slot(sums, slot);
  return sums;
}

std::vector<PartReading> CounterSet::read_parts() const {
  std::vector<PartReading> parts;
  for (std::size_t part = 0; part < parts_.size(); ++part) {
    if (parts_[part].empty()) continue;
    ReadingSums sums;
    for (const Slot& slot : slots_)
      if (slot.part == part) add_slot(sums, slot);
    for (Reading& sum : sums.readings()) parts.push_back({parts_[part], std::move(sum)});
  }
  return parts;
}

}  // namespace pw
