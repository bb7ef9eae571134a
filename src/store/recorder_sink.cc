// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/recorder_sink.h"

#include <bit>
#include <cmath>

#include "store/network_disk.h"
#include "store/new_file.h"
#include "store/schema.h"
#include "store/write_header.h"

namespace pw {
namespace fs = std::filesystem;
namespace {

// A process that dies loses nothing of a commit in either mode; only the machine's own death can lose the
// last commits (never the file), so that no fsync disturbs what is measured.
Result<Database> open_for_recording(const fs::path& path, Journal journal) {
  Result<Database> database = Database::open(path.string(), Database::Mode::write);
  if (!database) return database;
  const std::string mode = journal == Journal::log
                               ? "PRAGMA synchronous=OFF; PRAGMA journal_mode=WAL;"
                               : "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=DELETE; "
                                 "PRAGMA locking_mode=NORMAL;";
  if (auto set = database->exec(mode + "PRAGMA synchronous=NORMAL; BEGIN IMMEDIATE; COMMIT;"); !set)
    return pass_on(set);
  return database;
}

// A source that says "nan" has no value.
template <class Quantity>
std::optional<Quantity> finite(std::optional<Quantity> value) {
  return value && std::isfinite(value->value) ? value : std::nullopt;
}

Result<> fill(const fs::path& path, const RecordingHeader& header) {
  Result<Database> database = Database::open(path.string(), Database::Mode::write);
  if (!database) return pass_on(database);
  if (auto set = database->exec("PRAGMA journal_mode=MEMORY; PRAGMA synchronous=NORMAL"); !set) return set;
  return database->transaction([&]() -> Result<> {
    if (auto made = create_schema(*database); !made) return made;
    return write_header(*database, header);
  });
}

void add_readings(Inserter& rows, const Execution& execution, int id) {
  const auto add = [&](const char* table, const Reading& reading, const auto&... of) {
    rows.add(table, id, of..., reading.event, std::bit_cast<std::int64_t>(reading.value), reading.enabled,
             reading.running, to_text(reading.status), reading.reason);
  };
  for (const Reading& reading : execution.readings) add("readings", reading);
  for (const PartReading& part : execution.parts) add("parts", part.reading, part.part);
  for (const IntervalReading& one : execution.intervals) add("intervals", one.reading, one.time);
}

}  // namespace

Result<std::unique_ptr<Sink>> SqliteSink::create(const fs::path& path, bool force) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
  return create(path, force, on_network_disk(folder) ? Journal::rollback : Journal::log);
}

Result<std::unique_ptr<Sink>> SqliteSink::create(const fs::path& path, bool force, Journal journal) {
  if (auto usable = check_new_file(path, force); !usable) return pass_on(usable);
  return std::unique_ptr<Sink>(new SqliteSink(path, force, journal));
}

Result<> SqliteSink::begin(const RecordingHeader& header) {
  if (auto made = make_file(path_, force_, [&](const fs::path& path) { return fill(path, header); }); !made)
    return made;
  Result<Database> database = open_for_recording(path_, journal_);
  // statfs of 9p tells the server's file system, so that only trying shows that the log does not work there.
  if (!database) database = open_for_recording(path_, Journal::rollback);
  if (!database) return pass_on(database);
  database_.emplace(std::move(*database));
  return {};
}

template <class Work>
Result<> SqliteSink::commit(Work&& work) {
  if (!database_) return fail(Failure::measurement, "the recording is not open", path_.string());
  return database_->transaction(std::forward<Work>(work));
}

Result<> SqliteSink::execution(const Execution& execution) {
  Result<> committed = commit([&] { return insert_execution(execution, executions_ + 1); });
  if (committed) ++executions_;
  return committed;
}

Result<> SqliteSink::insert_execution(const Execution& execution, int id) {
  Inserter rows(*database_);
  rows.add("executions", id, execution.test, execution.pass, execution.begin, execution.end, execution.user,
           execution.system, execution.max_rss_kb, execution.voluntary_switches,
           execution.involuntary_switches, execution.minor_faults, execution.major_faults,
           execution.exit_status, execution.timed_out, execution.items);
  if (execution.output_bytes > 0) rows.add("outputs", id, execution.output, execution.output_bytes);
  for (std::size_t i = 0; i < execution.captures.size(); ++i)
    if (execution.captures[i]) rows.add("captured", id, static_cast<int>(i), *execution.captures[i]);
  add_readings(rows, execution, id);
  for (const bool after : {false, true})
    for (const Fact& fact : after ? execution.after : execution.before)
      rows.add("states", id, after, fact.key, fact.value);
  return rows.result();
}

Result<> SqliteSink::samples(std::span<const PowerSample> samples) {
  if (samples.empty()) return {};
  return commit([&] {
    Inserter rows(*database_);
    for (const PowerSample& sample : samples)
      rows.add("samples", sample.channel, sample.time, sample.read, finite(sample.watts),
               finite(sample.joules), sample.sensor_time, to_text(sample.status));
    return rows.result();
  });
}

Result<> SqliteSink::window(const Window& window) {
  return commit([&] { return database_->insert("windows", window.before, window.begin, window.end); });
}

Result<> SqliteSink::note(const Note& note) {
  return commit([&] { return database_->insert("notes", to_text(note.kind), note.time, note.text); });
}

Result<> SqliteSink::end(Ending ending, Nanoseconds at, std::span<const PowerSource> sources) {
  Result<> ended = commit([&]() -> Result<> {
    Result<Statement> close = database_->prepare("UPDATE recording SET ending=?, end_ns=?");
    if (!close) return pass_on(close);
    if (auto closed = close->run(to_text(ending), at); !closed) return closed;
    Result<Statement> counts = database_->prepare(
        "UPDATE sources SET reads=?, failures=?, reconnects=?, missed=?, repeats=?, cpu_s=? WHERE id=?");
    if (!counts) return pass_on(counts);
    for (std::size_t i = 0; i < sources.size(); ++i) {
      const PowerSource& source = sources[i];
      if (auto counted = counts->run(source.reads, source.failures, source.reconnects, source.missed,
                                     source.repeats, source.cpu, static_cast<int>(i));
          !counted)
        return counted;
      if (auto detailed = database_->insert("source_details", static_cast<int>(i), source.late_mean,
                                            source.late_most, source.renews);
          !detailed)
        return detailed;
    }
    return {};
  });
  if (!ended) return ended;
  // Fails only where another program is reading the file just now; it stays complete, with its log beside it.
  static_cast<void>(database_->exec("PRAGMA busy_timeout=1000; PRAGMA journal_mode=DELETE"));
  database_.reset();
  return {};
}

}  // namespace pw
