// SPDX-License-Identifier: GPL-3.0-or-later
// Perfetto's messages: the numbers of the fields that we write, out of its published schema,
// https://github.com/google/perfetto, folder protos/perfetto: trace/trace_packet.proto and
// common/builtin_clock.proto at 02603952, trace/track_event/track_event.proto at 005055c9,
// trace/interned_data/interned_data.proto at d3151b19; the newer ones of TrackDescriptor and of
// CounterDescriptor as in its own SDK (crate perfetto-sdk 0.2.0).
#pragma once

#include <cstdint>

namespace pw::perfetto {

using Field = std::uint32_t;

namespace trace {
inline constexpr Field packet = 1;
}

namespace trace_packet {
inline constexpr Field clock_snapshot = 6, timestamp = 8, sequence = 10, track_event = 11, interned_data = 12,
                       sequence_flags = 13, defaults = 59, track_descriptor = 60;
inline constexpr std::uint32_t state_cleared = 1, needs_state = 2;  // of sequence_flags
}  // namespace trace_packet

namespace packet_defaults {
inline constexpr Field clock = 58;
}

namespace clock_snapshot {
inline constexpr Field clocks = 1, primary_trace_clock = 2;
inline constexpr Field clock_id = 1, timestamp = 2;  // of each of the clocks
inline constexpr std::uint32_t realtime = 1, monotonic = 3;
}  // namespace clock_snapshot

namespace track_descriptor {
inline constexpr Field uuid = 1, name = 2, parent = 5, counter = 8, child_ordering = 11, rank = 12,
                       description = 14;
inline constexpr std::int32_t by_rank = 3;  // of child_ordering
}  // namespace track_descriptor

namespace counter_descriptor {
inline constexpr Field unit = 3, unit_name = 6;
inline constexpr std::int32_t nanoseconds = 1, count = 2;  // of unit
}  // namespace counter_descriptor

namespace track_event {
inline constexpr Field category_iids = 3, annotations = 4, type = 9, name_iid = 10, track = 11, name = 23,
                       counter_value = 30, double_counter_value = 44;
inline constexpr std::int32_t slice_begin = 1, slice_end = 2, instant = 3, counter = 4;  // of type
}  // namespace track_event

namespace annotation {
inline constexpr Field name_iid = 1, integer = 4, real = 5, text = 6;
}

namespace interned_data {
inline constexpr Field categories = 1, event_names = 2, annotation_names = 3;
inline constexpr Field iid = 1, name = 2;  // of each of them
}  // namespace interned_data

}  // namespace pw::perfetto
