// SPDX-License-Identifier: GPL-3.0-or-later
// What the exporters have in common: which rows there are, and values derived from what was recorded.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "analyze/power/energy_row.h"
#include "analyze/series/partition.h"
#include "model/recording.h"

namespace pw {

// Seconds from the start of the recording. A quotient, so that it prints with at most nine decimals.
inline double since_start(const Recording& recording, Nanoseconds time) {
  return static_cast<double>((time - recording.start).value) / 1e9;
}

inline double duration_s(Nanoseconds duration) { return static_cast<double>(duration.value) / 1e9; }

// The command around the tests that ran at this time: "setup", "prepare", ...; "": none did.
std::string_view around_at(const Recording& recording, Nanoseconds time);

// How a source was read, by what the exports call it: add(key, value).
template <class Add>
void add_readings_of(const PowerSource& source, const Add& add) {
  add("rate_hz", source.rate_hz);
  add("reads", source.reads);
  add("failures", source.failures);
  add("reconnects", source.reconnects);
  add("missed", source.missed);
  add("repeats", source.repeats);
  add("cpu_s", source.cpu);
}

// How long each reading averages; nothing where that is unknown.
inline std::optional<double> averages_s(const Channel& channel) {
  return channel.averages.value > 0 ? std::optional(duration_s(channel.averages)) : std::nullopt;
}

// What the hypervisor gave an execution: add(column, value or nothing).
template <class Add>
void for_given(const Recording& recording, const Execution& execution, const Add& add) {
  for (const GivenQuantity& quantity : given_quantities())
    add(quantity.column, or_nothing(quantity.value(recording, execution)));
}

// Gross energy times elapsed time, J s; nothing where that energy is unknown.
inline std::optional<double> energy_delay_product(const EnergyRow& row) {
  return row.gross ? std::optional(row.gross->value * row.seconds.value) : std::nullopt;
}

// running / enabled; nothing where the counter was never enabled.
std::optional<double> coverage_of(const Reading& reading);

// A reading with the event it is of; `test` and `pass` as in its execution. For an event that cannot be
// counted there is one per test, with neither pass nor reading.
struct CounterRow {
  int test = 0;
  std::optional<int> pass;
  const Event* event = nullptr;
  const Reading* reading = nullptr;
  CountStatus status = CountStatus::ok;
  std::string_view reason;
};
void for_counter_rows(const Recording& recording, const std::function<void(const CounterRow&)>& row);

// The count in the event's unit as a decimal number: exact where ok, rounded where scaled, "" otherwise.
std::string count_text(const Event& event, const Reading* reading);

// A reading of a part, or of an interval: what was counted since the interval before.
struct DetailRow {
  int test = 0;
  int pass = 0;
  const Event* event = nullptr;
  Reading reading;
  std::string_view part;   // of a part
  double time_s = 0;       // of an interval: its end, since the start of the recording
  Nanoseconds begin, end;  // of an interval
};
// All that a thread marked of a region, in an execution of a test.
struct RegionTotalRow {
  const Execution* execution = nullptr;
  const RegionThread* thread = nullptr;
  const RegionTotal* total = nullptr;
  const Region* region = nullptr;
  std::string_view path;  // region_path()
  std::span<const RegionCount> counts;
};
// `value`: the count's, or its own.
Reading reading_of(const ExecutionRegions& regions, const RegionCount& count, std::uint64_t value);
void for_region_rows(const Recording& recording, const std::function<void(const RegionTotalRow&)>& row);

void for_part_rows(const Recording& recording, const std::function<void(const DetailRow&)>& row);
void for_interval_rows(const Recording& recording, const std::function<void(const DetailRow&)>& row);

}  // namespace pw
