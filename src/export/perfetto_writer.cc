// SPDX-License-Identifier: GPL-3.0-or-later
#include "export/perfetto_writer.h"

#include <cmath>
#include <protozero/pbf_writer.hpp>

#include "base/text.h"
#include "export/perfetto_fields.h"

namespace pw {
namespace {

using Message = protozero::pbf_writer;

// All packets are of one sequence, which has the defaults and the texts by number.
constexpr std::uint32_t kSequence = 1;
constexpr std::string_view kRootName = "perfwatt";

// A packet of the trace that `fill` (void(Message&)) fills.
template <class Fill>
void add_packet(std::string& text, std::uint32_t flags, const Fill& fill) {
  Message trace(text);
  Message packet(trace, perfetto::trace::packet);
  fill(packet);
  packet.add_uint32(perfetto::trace_packet::sequence, kSequence);
  if (flags != 0) packet.add_uint32(perfetto::trace_packet::sequence_flags, flags);
}

void add_clock(Message& snapshot, std::uint32_t clock, std::uint64_t time) {
  namespace fields = perfetto::clock_snapshot;
  Message message(snapshot, fields::clocks);
  message.add_uint32(fields::clock_id, clock);
  message.add_uint64(fields::timestamp, time);
}

// Of the wall clock; nothing where it was not set to a time that 64 bits of nanoseconds can hold.
std::optional<std::uint64_t> unix_ns(double unix_s) {
  constexpr double kMost = 9e9;
  if (!(unix_s > 0 && unix_s < kMost)) return std::nullopt;
  return static_cast<std::uint64_t>(std::llround(unix_s * 1e9));
}

void add_unit(Message& descriptor, std::string_view unit) {
  namespace fields = perfetto::counter_descriptor;
  Message counter(descriptor, perfetto::track_descriptor::counter);
  if (unit.empty())
    counter.add_enum(fields::unit, fields::count);
  else if (unit == "ns")
    counter.add_enum(fields::unit, fields::nanoseconds);
  else
    counter.add_string(fields::unit_name, printable(unit));
}

void add_root(Message& packet) {
  namespace fields = perfetto::track_descriptor;
  Message descriptor(packet, perfetto::trace_packet::track_descriptor);
  descriptor.add_uint64(fields::uuid, 1);
  descriptor.add_string(fields::name, kRootName.data(), kRootName.size());
  descriptor.add_enum(fields::child_ordering, fields::by_rank);
}

void add_name(Message& interned, perfetto::Field field, std::uint64_t iid, const std::string& fresh) {
  if (fresh.empty()) return;
  Message entry(interned, field);
  entry.add_uint64(perfetto::interned_data::iid, iid);
  entry.add_string(perfetto::interned_data::name, fresh);
}

void add_value(Message& message, const TraceArgument& argument) {
  namespace fields = perfetto::annotation;
  if (const auto* integer = std::get_if<std::int64_t>(&argument.value))
    message.add_int64(fields::integer, *integer);
  else if (const auto* real = std::get_if<double>(&argument.value))
    message.add_double(fields::real, *real);
  else
    message.add_string(fields::text, printable(std::get<std::string_view>(argument.value)));
}

}  // namespace

std::string PerfettoWriter::beginning() {
  std::string text;
  add_packet(text, 0, add_root);
  return text;
}

void PerfettoWriter::begin(Nanoseconds start, double unix_s) {
  namespace fields = perfetto::clock_snapshot;
  out_.text() += beginning();
  last_ = 1;
  add_packet(out_.text(), perfetto::trace_packet::state_cleared, [&](Message& packet) {
    {
      Message defaults(packet, perfetto::trace_packet::defaults);
      defaults.add_uint32(perfetto::packet_defaults::clock, fields::monotonic);
    }
    Message snapshot(packet, perfetto::trace_packet::clock_snapshot);
    add_clock(snapshot, fields::monotonic, static_cast<std::uint64_t>(start.value));
    if (const auto wall = unix_ns(unix_s)) add_clock(snapshot, fields::realtime, *wall);
    snapshot.add_enum(fields::primary_trace_clock, fields::monotonic);
  });
}

TrackId PerfettoWriter::track(TrackId parent, std::string_view name, std::string_view description) {
  return describe(parent, name, description, std::nullopt);
}

TrackId PerfettoWriter::counter_track(TrackId parent, std::string_view name, std::string_view unit,
                                      std::string_view description) {
  return describe(parent, name, description, unit);
}

// The rank is the number of the track: those made later stand below.
TrackId PerfettoWriter::describe(TrackId parent, std::string_view name, std::string_view description,
                                 std::optional<std::string_view> unit) {
  namespace fields = perfetto::track_descriptor;
  const TrackId id = ++last_;
  add_packet(out_.text(), 0, [&](Message& packet) {
    Message descriptor(packet, perfetto::trace_packet::track_descriptor);
    descriptor.add_uint64(fields::uuid, id);
    descriptor.add_string(fields::name, printable(name));
    descriptor.add_uint64(fields::parent, parent == 0 ? 1 : parent);
    if (unit) add_unit(descriptor, *unit);
    descriptor.add_enum(fields::child_ordering, fields::by_rank);
    descriptor.add_int32(fields::rank, static_cast<std::int32_t>(id));
    if (!description.empty()) descriptor.add_string(fields::description, printable(description));
  });
  return id;
}

PerfettoWriter::Interned PerfettoWriter::intern(Names& names, std::string_view text) {
  if (const auto found = names.find(text); found != names.end()) return {found->second, ""};
  const std::uint64_t iid = names.size() + 1;
  names.emplace(text, iid);
  std::string shown = printable(text);
  return {iid, shown.empty() ? " " : std::move(shown)};
}

void PerfettoWriter::put_event(std::int32_t type, const TraceEvent& event) {
  namespace fields = perfetto::track_event;
  const Interned category = intern(categories_, event.category);
  const Interned name = event.again ? intern(names_, event.name) : Interned{};
  std::vector<Interned> keys;
  for (const TraceArgument& argument : event.arguments) keys.push_back(intern(arguments_, argument.name));
  add_packet(out_.text(), perfetto::trace_packet::needs_state, [&](Message& packet) {
    packet.add_uint64(perfetto::trace_packet::timestamp, static_cast<std::uint64_t>(event.time.value));
    {
      namespace interned = perfetto::interned_data;
      Message data(packet, perfetto::trace_packet::interned_data);
      add_name(data, interned::categories, category.iid, category.fresh);
      add_name(data, interned::event_names, name.iid, name.fresh);
      for (const Interned& key : keys) add_name(data, interned::annotation_names, key.iid, key.fresh);
    }
    Message message(packet, perfetto::trace_packet::track_event);
    message.add_uint64(fields::category_iids, category.iid);
    message.add_enum(fields::type, type);
    if (event.again)
      message.add_uint64(fields::name_iid, name.iid);
    else
      message.add_string(fields::name, printable(event.name));
    message.add_uint64(fields::track, event.track);
    for (std::size_t i = 0; i < keys.size(); ++i) {
      Message annotation(message, fields::annotations);
      annotation.add_uint64(perfetto::annotation::name_iid, keys[i].iid);
      add_value(annotation, event.arguments[i]);
    }
  });
}

void PerfettoWriter::begin_slice(const TraceEvent& slice) {
  put_event(perfetto::track_event::slice_begin, slice);
}
void PerfettoWriter::instant(const TraceEvent& one) { put_event(perfetto::track_event::instant, one); }

namespace {

// An event that has no texts; `add` (void(Message&)) adds what it has besides.
template <class Add>
void add_bare_event(std::string& text, std::int32_t type, TrackId track, Nanoseconds time, const Add& add) {
  namespace fields = perfetto::track_event;
  add_packet(text, perfetto::trace_packet::needs_state, [&](Message& packet) {
    packet.add_uint64(perfetto::trace_packet::timestamp, static_cast<std::uint64_t>(time.value));
    Message message(packet, perfetto::trace_packet::track_event);
    message.add_enum(fields::type, type);
    message.add_uint64(fields::track, track);
    add(message);
  });
}

}  // namespace

void PerfettoWriter::end_slice(TrackId track, Nanoseconds time) {
  add_bare_event(out_.text(), perfetto::track_event::slice_end, track, time, [](Message&) {});
}

void PerfettoWriter::count(TrackId track, Nanoseconds time, std::int64_t value) {
  namespace fields = perfetto::track_event;
  add_bare_event(out_.text(), fields::counter, track, time,
                 [&](Message& message) { message.add_int64(fields::counter_value, value); });
}

void PerfettoWriter::count(TrackId track, Nanoseconds time, double value) {
  namespace fields = perfetto::track_event;
  add_bare_event(out_.text(), fields::counter, track, time,
                 [&](Message& message) { message.add_double(fields::double_counter_value, value); });
}

}  // namespace pw
