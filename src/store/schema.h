// SPDX-License-Identifier: GPL-3.0-or-later
// The layout of a recording in SQLite. docs/recording.md describes it for people.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "store/sqlite.h"

namespace pw {

inline constexpr std::int64_t kApplicationId = 0x70667774;  // "pfwt", at byte 68 of the file, for file(1)

struct Table {
  std::string_view name;
  std::string_view sql;  // as SQLite keeps it in sqlite_schema
  int since = 1;         // the layout that brought it
};

// Times and durations are nanoseconds, times on CLOCK_MONOTONIC. Where a table has `id`, it counts from 0 in
// events, sources, channels and captures (the index that others refer to), else from 1. Enumerations stand
// as their text.
inline constexpr Table kTables[] = {
    {"recording",
     "CREATE TABLE recording(version TEXT, start_ns INTEGER, start_unix_s REAL, ending TEXT, end_ns "
     "INTEGER)"},
    {"experiment",
     "CREATE TABLE experiment(directory TEXT, label TEXT, tests INTEGER, warmups INTEGER, idle_s REAL, "
     "pause_s REAL, multiplex INTEGER, items REAL, cpus TEXT, user TEXT, timeout_s REAL)"},
    {"arguments", "CREATE TABLE arguments(value TEXT)"},
    {"facts", "CREATE TABLE facts(section TEXT, key TEXT, value TEXT)"},
    {"captures", "CREATE TABLE captures(id INTEGER PRIMARY KEY, name TEXT, pattern TEXT)"},
    {"events",
     "CREATE TABLE events(id INTEGER PRIMARY KEY, name TEXT, modifier TEXT, hardware_event TEXT, meaning "
     "TEXT, "
     "unit TEXT, software INTEGER, scope TEXT, status TEXT, reason TEXT)"},
    {"passes", "CREATE TABLE passes(id INTEGER PRIMARY KEY, reason TEXT)"},
    {"pass_events", "CREATE TABLE pass_events(pass INTEGER, event INTEGER)"},
    {"sources",
     "CREATE TABLE sources(id INTEGER PRIMARY KEY, name TEXT, address TEXT, simulated INTEGER, rate_hz REAL, "
     "reads INTEGER, failures INTEGER, reconnects INTEGER, missed INTEGER, repeats INTEGER, cpu_s REAL)"},
    {"channels",
     "CREATE TABLE channels(id INTEGER PRIMARY KEY, source INTEGER, name TEXT, kind TEXT, scope TEXT, "
     "step REAL)"},
    {"channel_details",
     "CREATE TABLE channel_details(channel INTEGER, refresh_ns INTEGER, meter TEXT, clock_hz REAL)", 3},
    {"channel_samples", "CREATE TABLE channel_samples(channel INTEGER, error_w REAL)", 4},
    {"source_details",
     "CREATE TABLE source_details(source INTEGER, late_mean_s REAL, late_most_s REAL, renews_ns INTEGER)", 3},
    {"executions",
     "CREATE TABLE executions(id INTEGER PRIMARY KEY, test INTEGER, pass INTEGER, begin_ns INTEGER, "
     "end_ns INTEGER, user_s REAL, system_s REAL, max_rss_kb INTEGER, voluntary_switches INTEGER, "
     "involuntary_switches INTEGER, minor_faults INTEGER, major_faults INTEGER, exit_status INTEGER, "
     "timed_out INTEGER, items REAL)"},
    {"outputs", "CREATE TABLE outputs(execution INTEGER, text TEXT, bytes INTEGER)"},
    {"captured", "CREATE TABLE captured(execution INTEGER, capture INTEGER, value TEXT)"},
    {"readings",
     "CREATE TABLE readings(execution INTEGER, event INTEGER, value INTEGER, enabled_ns INTEGER, "
     "running_ns INTEGER, status TEXT, reason TEXT)"},
    {"settings", "CREATE TABLE settings(key TEXT, value TEXT)", 2},
    {"event_details",
     "CREATE TABLE event_details(event INTEGER, scale REAL, event_group INTEGER, counted_on TEXT, floor "
     "REAL)",
     2},
    {"parts",
     "CREATE TABLE parts(execution INTEGER, part TEXT, event INTEGER, value INTEGER, enabled_ns INTEGER, "
     "running_ns INTEGER, status TEXT, reason TEXT)",
     2},
    {"intervals",
     "CREATE TABLE intervals(execution INTEGER, time_ns INTEGER, event INTEGER, value INTEGER, enabled_ns "
     "INTEGER, "
     "running_ns INTEGER, status TEXT, reason TEXT)",
     2},
    {"samples",
     "CREATE TABLE samples(channel INTEGER, time_ns INTEGER, read_ns INTEGER, watts REAL, joules REAL, "
     "sensor_time INTEGER, status TEXT)"},
    {"windows", "CREATE TABLE windows(before INTEGER, begin_ns INTEGER, end_ns INTEGER)"},
    {"notes", "CREATE TABLE notes(kind TEXT, time_ns INTEGER, text TEXT)"},
    {"states", "CREATE TABLE states(execution INTEGER, after INTEGER, key TEXT, value TEXT)", 2},
};

// Sections of `facts`.
inline constexpr std::string_view kMachineSection = "machine";
inline constexpr std::string_view kEnvironmentSection = "environment";

// A recording has no more of these; what reads one need not be clever about long lists.
inline constexpr std::size_t kMostFacts = 10'000;
inline constexpr std::size_t kMostCaptures = 100;

// Makes the tables and writes the version, in the transaction that is under way.
Result<> create_schema(Database& database);

// Whether every table of that layout is just what create_schema makes: no view, trigger or generated column
// in its place.
Result<bool> has_our_tables(Database& database, std::int64_t layout);

}  // namespace pw
