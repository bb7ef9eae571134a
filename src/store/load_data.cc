// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <bit>
#include <limits>

#include "os/huge_pages.h"
#include "store/load_parts.h"
#include "store/schema.h"

namespace pw {
namespace {

// A file of a few megabytes could otherwise ask for terabytes of empty captures.
constexpr std::size_t kMostCaptured = 10'000'000;

// Of vectors that get their rows one after the other: each is likely to get as many as the one before.
template <class T>
class UsualRoom {
 public:
  void make_in(std::vector<T>& next) {
    if (&next != last_) {
      if (next.empty()) next.reserve(rows_);
      last_ = &next;
      rows_ = 0;
    }
    ++rows_;
  }

 private:
  const std::vector<T>* last_ = nullptr;
  std::size_t rows_ = 0;  // in a row
};

// The next column as the number of an execution that is there; nothing where it is not.
Execution* execution_of(Rows& row, Recording& recording) {
  const int number = row.number_from_1(recording.executions.size());
  return row.result() ? &recording.executions[static_cast<std::size_t>(number - 1)] : nullptr;
}

Execution next_execution(Rows& row, const Recording& recording) {
  Execution execution;
  execution.variant = row.index(std::max<std::size_t>(recording.experiment.variants.size(), 1));
  execution.test = static_cast<int>(row.integer(0, std::max(recording.experiment.tests, 0)));
  execution.pass = row.number_from_1(std::max<std::size_t>(recording.passes.size(), 1));
  execution.begin = row.time();
  execution.end = row.time();
  if (execution.end < execution.begin) row.problem("before its begin");
  execution.user = row.seconds();
  execution.system = row.seconds();
  execution.max_rss_kb = row.integer();
  execution.voluntary_switches = row.integer();
  execution.involuntary_switches = row.integer();
  execution.minor_faults = row.integer();
  execution.major_faults = row.integer();
  execution.exit_status = static_cast<int>(row.integer(-1, 0xffff));
  execution.signal = static_cast<int>(row.integer(0, 127));
  execution.timed_out = row.flag();
  execution.left_out = row.text();
  execution.items = row.optional_real(0, Rows::kMostUnits);
  execution.captures.resize(recording.experiment.captures.size());
  return execution;
}

ServerBin next_server_bin(Rows& row, const Recording& recording) {
  ServerBin bin;
  bin.source = row.index(recording.sources.size());
  bin.begin = row.time();
  bin.end = row.time();
  if (bin.end <= bin.begin) row.problem("not after its begin");
  if (const auto watts = row.optional_real(0, Rows::kMostUnits)) bin.watts = Watts{*watts};
  for (auto units : {&ServerBin::ours, &ServerBin::partitions, &ServerBin::virtual_io, &ServerBin::firmware,
                     &ServerBin::total})
    bin.*units = row.optional_real(0, Rows::kMostUnits);
  return bin;
}

}  // namespace

Reading next_reading(Rows& row, const Recording& recording) {
  Reading reading;
  reading.event = row.index(recording.events.size());
  reading.value = std::bit_cast<std::uint64_t>(row.any_integer());
  reading.enabled = row.duration();
  reading.running = row.duration();
  reading.status = row.one_of(count_status);
  const bool counted = reading.status == CountStatus::ok || reading.status == CountStatus::scaled;
  if (counted && (reading.enabled.value == 0 || reading.running.value == 0)) row.problem("never counted");
  reading.reason = row.text();
  return reading;
}

Result<> load_executions(RowSource& source, Recording& recording) {
  Rows row(source, "executions");
  static constexpr std::size_t kLeastRow = 24;  // bytes of its columns
  recording.executions.reserve(row.about_how_many(kLeastRow));
  prefer_huge_pages(recording.executions.data(), recording.executions.capacity() * sizeof(Execution));
  while (row.next()) {
    row.must_be(recording.executions.size() + 1);
    recording.executions.push_back(next_execution(row, recording));
    if (recording.executions.size() * recording.experiment.captures.size() > kMostCaptured)
      row.problem("too many captures");
  }
  return row.result();
}

Result<> load_outputs(RowSource& source, Recording& recording) {
  Rows row(source, "outputs");
  while (row.next()) {
    Execution* execution = execution_of(row, recording);
    if (!execution) break;
    execution->output = row.text();
    execution->output_bytes = row.integer();
  }
  return row.result();
}

Result<> load_captured(RowSource& source, Recording& recording) {
  Rows row(source, "captured");
  while (row.next()) {
    Execution* execution = execution_of(row, recording);
    const int capture = row.index(recording.experiment.captures.size());
    if (!row.result()) break;
    execution->captures[static_cast<std::size_t>(capture)] = row.text();
  }
  return row.result();
}

Result<> load_readings(RowSource& source, Recording& recording) {
  Rows row(source, "readings");
  UsualRoom<Reading> room;
  while (row.next()) {
    Execution* execution = execution_of(row, recording);
    if (!execution) break;
    room.make_in(execution->readings);
    execution->readings.push_back(next_reading(row, recording));
  }
  return row.result();
}

Result<> load_counted_parts(RowSource& source, Recording& recording) {
  Rows row(source, "parts");
  while (row.next()) {
    Execution* execution = execution_of(row, recording);
    if (!execution) break;
    std::string part = row.text();
    execution->parts.push_back({std::move(part), next_reading(row, recording)});
  }
  return row.result();
}

Result<> load_intervals(RowSource& source, Recording& recording) {
  Rows row(source, "intervals");
  while (row.next()) {
    Execution* execution = execution_of(row, recording);
    if (!execution) break;
    const Nanoseconds time = row.time();
    execution->intervals.push_back({time, next_reading(row, recording)});
  }
  return row.result();
}

Result<> load_server_bins(RowSource& source, Recording& recording) {
  Rows row(source, "server_bins");
  while (row.next()) {
    const ServerBin bin = next_server_bin(row, recording);
    if (row.result()) recording.server_bins.push_back(bin);
  }
  if (row.result()) std::ranges::stable_sort(recording.server_bins, {}, &ServerBin::begin);
  return row.result();
}

Result<> load_windows(RowSource& source, Recording& recording) {
  Rows row(source, "windows");
  while (row.next()) {
    const std::int64_t kind = row.integer(0, static_cast<int>(Around::cleanup));
    const Nanoseconds begin = row.time(), end = row.time();
    if (end < begin) row.problem("before its begin");
    if (kind <= 1)
      recording.windows.push_back({kind == 1, begin, end});
    else
      recording.interludes.push_back({static_cast<Around>(kind), begin, end});
  }
  return row.result();
}

Result<> load_notes(RowSource& source, Recording& recording) {
  Rows row(source, "notes");
  while (row.next()) {
    Note note;
    note.kind = row.one_of(note_kind);
    note.time = row.time();
    note.text = row.text();
    recording.notes.push_back(std::move(note));
  }
  return row.result();
}

Result<> load_states(RowSource& source, Recording& recording) {
  Rows row(source, "states");
  UsualRoom<Fact> room;
  while (row.next()) {
    Execution* execution = execution_of(row, recording);
    const bool after = row.flag();
    if (!row.result()) break;
    MachineState& state = after ? execution->after : execution->before;
    room.make_in(state);
    if (state.size() == kMostFacts) row.problem("too many");
    Fact fact;
    fact.key = row.text();
    fact.value = row.text();
    state.push_back(std::move(fact));
  }
  return row.result();
}

}  // namespace pw
