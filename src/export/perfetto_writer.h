// SPDX-License-Identifier: GPL-3.0-or-later
// Writes a trace in Perfetto's native format as it goes: tracks, slices, instants and counters, by
// CLOCK_MONOTONIC. Texts that come again are written once and then by number.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/units.h"
#include "export/output.h"

namespace pw {

// Of the whole trace; 0 is none.
using TrackId = std::uint64_t;

struct TraceArgument {
  std::string_view name;
  std::variant<std::int64_t, double, std::string_view> value;
};

struct TraceEvent {
  Nanoseconds time;
  TrackId track = 0;
  std::string_view category, name;
  std::span<const TraceArgument> arguments = {};
  bool again = false;  // others have the same name
};

class PerfettoWriter {
 public:
  explicit PerfettoWriter(Output& out) : out_(out) {}

  // Comes first: `start` on CLOCK_MONOTONIC, which all times are of, was `unix_s` on the wall clock.
  void begin(Nanoseconds start, double unix_s);

  // Tracks of a parent are shown in the order in which they are made.
  TrackId track(TrackId parent, std::string_view name, std::string_view description = {});
  // `unit`: "" for a plain count.
  TrackId counter_track(TrackId parent, std::string_view name, std::string_view unit,
                        std::string_view description = {});

  // Slices of a track lie within each other or apart; `end_slice` ends the one that began last.
  void begin_slice(const TraceEvent& event);
  void end_slice(TrackId track, Nanoseconds time);
  void instant(const TraceEvent& event);
  void count(TrackId track, Nanoseconds time, std::int64_t value);
  void count(TrackId track, Nanoseconds time, double value);

  // What every trace begins with.
  static std::string beginning();

 private:
  using Names = std::map<std::string, std::uint64_t, std::less<>>;
  struct Interned {
    std::uint64_t iid = 0;
    std::string fresh;  // the text, where it was not written yet
  };
  static Interned intern(Names& names, std::string_view text);

  TrackId describe(TrackId parent, std::string_view name, std::string_view description,
                   std::optional<std::string_view> unit);
  void put_event(std::int32_t type, const TraceEvent& event);

  Output& out_;
  TrackId last_ = 0;
  Names categories_, names_, arguments_;
};

}  // namespace pw
