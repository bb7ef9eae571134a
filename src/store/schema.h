// SPDX-License-Identifier: GPL-3.0-or-later
// The layout of a recording in SQLite. docs/recording.md describes it for people.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "store/sqlite/sqlite.h"

namespace pw {

inline constexpr std::int64_t kApplicationId = 0x70667774;  // "pfwt", at byte 68 of the file, for file(1)

struct Table {
  std::string_view name;
  std::string_view sql;  // as SQLite keeps it in sqlite_schema
};

// Numbers of layouts that were never released. A file of one is refused; none is used again.
inline constexpr int kUnreleasedLayouts[] = {2, 3, 4};

// Times and durations are nanoseconds, times since recording.start_ns, which is on CLOCK_MONOTONIC. Where a
// table has `id`, it counts from 0 in variants, events, sources, channels and captures (the index that others
// refer to), else from 1. Enumerations stand as their text, but
// samples.status, which is SampleStatus's number (a sample is stored often), and windows.before, which is
// Around's where it is neither 0 nor 1.
inline constexpr Table kTables[] = {
    {"recording",
     "CREATE TABLE recording(version TEXT, start_ns INTEGER, start_unix_s REAL, ending TEXT, end_ns INTEGER, "
     "counters_start_stop_ns INTEGER, counters_read_ns INTEGER)"},
    {"experiment",
     "CREATE TABLE experiment(directory TEXT, label TEXT, tests INTEGER, warmups INTEGER, idle_s REAL, "
     "pause_s REAL, multiplex INTEGER, items REAL, cpus TEXT, user TEXT, timeout_s REAL, target TEXT, "
     "per TEXT, interval_s REAL, delay_s REAL)"},
    {"variants", "CREATE TABLE variants(id INTEGER PRIMARY KEY, label TEXT)"},
    {"variant_values", "CREATE TABLE variant_values(variant INTEGER, name TEXT, value TEXT)"},
    {"arguments", "CREATE TABLE arguments(variant INTEGER, value TEXT)"},
    {"facts", "CREATE TABLE facts(section TEXT, key TEXT, value TEXT)"},
    {"captures", "CREATE TABLE captures(id INTEGER PRIMARY KEY, name TEXT, pattern TEXT)"},
    {"events",
     "CREATE TABLE events(id INTEGER PRIMARY KEY, name TEXT, modifier TEXT, hardware_event TEXT, "
     "meaning TEXT, unit TEXT, software INTEGER, scope TEXT, status TEXT, reason TEXT, scale REAL, "
     "event_group INTEGER, counted_on TEXT, floor REAL)"},
    {"passes", "CREATE TABLE passes(id INTEGER PRIMARY KEY, reason TEXT)"},
    {"pass_events", "CREATE TABLE pass_events(pass INTEGER, event INTEGER)"},
    {"sources",
     "CREATE TABLE sources(id INTEGER PRIMARY KEY, name TEXT, address TEXT, simulated INTEGER, rate_hz REAL, "
     "reads INTEGER, failures INTEGER, reconnects INTEGER, missed INTEGER, repeats INTEGER, cpu_s REAL, "
     "late_mean_s REAL, late_most_s REAL, renews_ns INTEGER, seed INTEGER)"},
    {"channels",
     "CREATE TABLE channels(id INTEGER PRIMARY KEY, source INTEGER, name TEXT, kind TEXT, scope TEXT, "
     "step REAL, refresh_ns INTEGER, meter TEXT, clock_hz REAL, sample_error_w REAL, device TEXT, "
     "averages_ns INTEGER)"},
    {"executions",
     "CREATE TABLE executions(id INTEGER PRIMARY KEY, variant INTEGER, test INTEGER, pass INTEGER, "
     "begin_ns INTEGER, end_ns INTEGER, user_s REAL, system_s REAL, max_rss_kb INTEGER, "
     "voluntary_switches INTEGER, involuntary_switches INTEGER, minor_faults INTEGER, major_faults INTEGER, "
     "exit_status INTEGER, signal INTEGER, timed_out INTEGER, left_out TEXT, items REAL)"},
    {"outputs", "CREATE TABLE outputs(execution INTEGER, text TEXT, bytes INTEGER)"},
    {"captured", "CREATE TABLE captured(execution INTEGER, capture INTEGER, value TEXT)"},
    {"readings",
     "CREATE TABLE readings(execution INTEGER, event INTEGER, value INTEGER, enabled_ns INTEGER, "
     "running_ns INTEGER, status TEXT, reason TEXT)"},
    {"parts",
     "CREATE TABLE parts(execution INTEGER, part TEXT, event INTEGER, value INTEGER, enabled_ns INTEGER, "
     "running_ns INTEGER, status TEXT, reason TEXT)"},
    {"intervals",
     "CREATE TABLE intervals(execution INTEGER, time_ns INTEGER, event INTEGER, value INTEGER, "
     "enabled_ns INTEGER, running_ns INTEGER, status TEXT, reason TEXT)"},
    {"sample_blocks",
     "CREATE TABLE sample_blocks(channel INTEGER, channels INTEGER, count INTEGER, bytes BLOB)"},
    {"samples",
     "CREATE TABLE samples(channel INTEGER, time_ns INTEGER, read_ns INTEGER, value REAL, "
     "sensor_time INTEGER, status INTEGER, readings INTEGER, least_uw INTEGER, most_uw INTEGER, "
     "deviation_uw INTEGER)"},
    {"server_bins",
     "CREATE TABLE server_bins(source INTEGER, begin_ns INTEGER, end_ns INTEGER, watts REAL, ours REAL, "
     "partitions REAL, virtual_io REAL, firmware REAL, total REAL)"},
    {"windows", "CREATE TABLE windows(before INTEGER, begin_ns INTEGER, end_ns INTEGER)"},
    {"notes", "CREATE TABLE notes(kind TEXT, time_ns INTEGER, text TEXT)"},
    {"states", "CREATE TABLE states(execution INTEGER, after INTEGER, key TEXT, value TEXT)"},
    {"regions",
     "CREATE TABLE regions(id INTEGER PRIMARY KEY, parent INTEGER, name TEXT, ordinal INTEGER, "
     "collector TEXT, flops REAL, bytes REAL, how TEXT)"},
    {"region_threads",
     "CREATE TABLE region_threads(id INTEGER PRIMARY KEY, execution INTEGER, process INTEGER, "
     "thread INTEGER, name TEXT, dropped INTEGER, complete_ns INTEGER)"},
    {"region_totals",
     "CREATE TABLE region_totals(id INTEGER PRIMARY KEY, region_thread INTEGER, region INTEGER, "
     "calls INTEGER, items REAL, total_ns INTEGER, own_ns INTEGER)"},
    {"region_counts",
     "CREATE TABLE region_counts(total INTEGER, event INTEGER, value INTEGER, own_value INTEGER, "
     "enabled_ns INTEGER, running_ns INTEGER, status TEXT, reason TEXT)"},
    {"region_log", "CREATE TABLE region_log(region_thread INTEGER, count INTEGER, bytes BLOB)"},
    {"rank_places",
     "CREATE TABLE rank_places(id INTEGER PRIMARY KEY, rank INTEGER, size INTEGER, local_rank INTEGER, "
     "local_size INTEGER, node TEXT, launcher TEXT, cpus TEXT, numa TEXT)"},
    {"ranks",
     "CREATE TABLE ranks(id INTEGER PRIMARY KEY, execution INTEGER, rank INTEGER, place INTEGER, state TEXT, "
     "begin_unix_s REAL, elapsed_s REAL, user_s REAL, system_s REAL, max_rss_kb INTEGER, "
     "voluntary_switches INTEGER, involuntary_switches INTEGER, minor_faults INTEGER, major_faults INTEGER, "
     "exit_status INTEGER, signal INTEGER)"},
    {"rank_readings",
     "CREATE TABLE rank_readings(rank_run INTEGER, event INTEGER, value INTEGER, enabled_ns INTEGER, "
     "running_ns INTEGER, status TEXT, reason TEXT)"},
    {"rank_power",
     "CREATE TABLE rank_power(rank_run INTEGER, source TEXT, channel TEXT, scope TEXT, energy_j REAL, "
     "uncertainty_j REAL, mean_w REAL, least_w REAL, most_w REAL, readings INTEGER, by_run INTEGER, reason "
     "TEXT)"},
    {"node_use", "CREATE TABLE node_use(rank_run INTEGER, busy_s REAL, cpus INTEGER, reason TEXT)"},
    {"node_idles",
     "CREATE TABLE node_idles(before INTEGER, place INTEGER, begin_unix_s REAL, lasted_s REAL, source TEXT, "
     "channel TEXT, scope TEXT, energy_j REAL, uncertainty_j REAL, mean_w REAL, least_w REAL, most_w REAL, "
     "readings INTEGER, by_run INTEGER, reason TEXT)"},
    // Reserved: nothing writes or reads it.
    {"region_log_counts", "CREATE TABLE region_log_counts(occurrence INTEGER, event INTEGER, value INTEGER)"},
};

// Sections of `facts`.
inline constexpr std::string_view kMachineSection = "machine";
inline constexpr std::string_view kEnvironmentSection = "environment";
inline constexpr std::string_view kProcedureSection = "procedure";
inline constexpr std::string_view kRegionsSection = "regions";  // of what follows alone
inline constexpr std::string_view kMarkCost = "mark_ns";
inline constexpr std::string_view kRegionScope = "scope";
inline constexpr std::string_view kPeaksSection = "peaks";  // the conditions of peaks, ...
inline constexpr std::string_view kPeakSection = "peak";    // ... and each of them

// A recording has no more of these; what reads one need not be clever about long lists.
inline constexpr std::size_t kMostFacts = 10'000;
inline constexpr std::size_t kMostCaptures = 100;

// What has no variants has this one, with an empty label and no values.
inline constexpr int kOnlyVariant = 0;

// Makes the tables and writes the version, in the transaction that is under way.
Result<> create_schema(Database& database);

// Whether every table is just what create_schema makes: no view, trigger or generated column in its place.
Result<bool> has_our_tables(Database& database);

}  // namespace pw
