// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/recorder_sink.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "base/quantity.h"
#include "model/occurrence_block.h"
#include "store/files/network_disk.h"
#include "store/load_parts.h"
#include "store/recording_database.h"
#include "store/schema.h"
#include "store/writer_lock.h"

namespace pw {
namespace fs = std::filesystem;
namespace {

// Samples that stand as rows at most; of each channel on average at least, where there are very many.
constexpr std::size_t kMostRows = 16'384, kFewestOfChannel = 16;

void add_readings(Inserter& rows, const Execution& execution, int id, Nanoseconds start) {
  const auto add = [&](const char* table, const Reading& reading, const auto&... of) {
    rows.add(table, id, of..., reading.event, std::bit_cast<std::int64_t>(reading.value), reading.enabled,
             reading.running, to_text(reading.status), reading.reason);
  };
  for (const Reading& reading : execution.readings) add("readings", reading);
  for (const PartReading& part : execution.parts) add("parts", part.reading, part.part);
  for (const IntervalReading& one : execution.intervals) add("intervals", one.reading, one.time - start);
}

// Of the same thread as the first.
std::size_t in_one_block(std::span<const RegionOccurrence> log) {
  const auto other = std::ranges::find_if(
      log, [&](int thread) { return thread != log.front().thread; }, &RegionOccurrence::thread);
  return std::min(static_cast<std::size_t>(other - log.begin()), kMostOccurrencesInBlock);
}

// Threads count from `first` on, totals from `first_total`.
void add_regions(Inserter& rows, const ExecutionRegions& regions, int id, int first, int first_total,
                 Nanoseconds start) {
  for (std::size_t i = 0; i < regions.threads.size(); ++i) {
    const RegionThread& thread = regions.threads[i];
    rows.add("region_threads", first + static_cast<int>(i), id, thread.process, thread.thread, thread.name,
             thread.dropped,
             thread.complete_until ? std::optional(*thread.complete_until - start) : std::nullopt);
  }
  int total = first_total;
  for (const RegionTotal& one : regions.totals)
    rows.add("region_totals", total++, first + one.thread, one.region + 1, one.calls, one.items, one.total,
             one.own);
  for (const RegionCount& one : regions.counts)
    rows.add("region_counts", first_total + one.total, one.event, std::bit_cast<std::int64_t>(one.value),
             std::bit_cast<std::int64_t>(one.own), one.enabled, one.running, to_text(one.status),
             one.reason < 0 ? "" : regions.reasons[static_cast<std::size_t>(one.reason)]);
  for (std::span<const RegionOccurrence> left = regions.log; !left.empty();) {
    const std::size_t count = in_one_block(left);
    const std::string bytes = pack_occurrences(left.first(count), start);
    rows.add("region_log", first + left.front().thread, static_cast<std::int64_t>(count),
             std::as_bytes(std::span(bytes)));
    left = left.subspan(count);
  }
}

// Runs count from `first` on.
void add_ranks(Inserter& rows, const ExecutionRanks& ranks, int id, int first) {
  for (const RankRun& run : ranks.ranks) {
    const auto used = [&](auto RankUsage::*what) {
      return run.usage ? std::optional((*run.usage).*what) : std::nullopt;
    };
    rows.add("ranks", first, id, run.rank, run.place < 0 ? std::nullopt : std::optional(run.place + 1),
             to_text(run.state), run.begin_unix_s, run.elapsed, used(&RankUsage::user),
             used(&RankUsage::system), used(&RankUsage::max_rss_kb), used(&RankUsage::voluntary_switches),
             used(&RankUsage::involuntary_switches), used(&RankUsage::minor_faults),
             used(&RankUsage::major_faults), used(&RankUsage::exit_status), used(&RankUsage::signal));
    for (const Reading& reading : run.readings)
      rows.add("rank_readings", first, reading.event, std::bit_cast<std::int64_t>(reading.value),
               reading.enabled, reading.running, to_text(reading.status), reading.reason);
    for (const NodePower& one : run.power)
      rows.add("rank_power", first, one.source, one.channel, one.scope, number_of(one.energy),
               number_of(one.uncertainty), number_of(one.mean), number_of(one.least), number_of(one.most),
               one.readings, one.by_run, one.reason);
    if (run.node_use)
      rows.add("node_use", first, run.node_use->busy, run.node_use->cpus, run.node_use->reason);
    ++first;
  }
}

// No disk that fails makes the command line wrong.
Result<> failed_to_write(Result<> result, const fs::path& path) {
  if (!result) {
    result.error().kind = Failure::measurement;
    result.error().where = path.string();
  }
  return result;
}

}  // namespace

Result<std::unique_ptr<SqliteSink>> SqliteSink::create(const fs::path& path, IfExists how) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
  return create(path, how, on_network_disk(folder) ? Journal::rollback : Journal::log);
}

Result<std::unique_ptr<SqliteSink>> SqliteSink::create(const fs::path& path, IfExists how, Journal journal) {
  if (auto usable = check_new_file(path, how); !usable) return pass_on(usable);
  return std::unique_ptr<SqliteSink>(new SqliteSink(path, how, journal));
}

SqliteSink::~SqliteSink() {
  database_.reset();
  if (whole_) file_->remove_sidecars();
}

Result<> SqliteSink::begin(const RecordingHeader& header) {
  const Result<std::string> image = first_image(header, journal_);
  if (!image) return pass_on(image);
  Result<RecordingFile> file = RecordingFile::make(path_, how_, *image);
  if (!file) return pass_on(file);
  file_.emplace(std::move(*file));
  path_ = told_place_ = file_->path();
  start_ = header.start;
  for (const Channel& channel : header.channels) kinds_.push_back(channel.kind);
  unpacked_.resize(kinds_.size());
  return failed_to_write(open(), path_);
}

Result<> SqliteSink::open() {
  Result<Database> database = open_for_recording(*file_, journal_);
  file_->hold_sidecars();
  if (!database && journal_ == Journal::log) {
    // statfs of 9p tells the server's file system, so that only trying shows that the log does not work
    // there.
    file_->remove_sidecars();
    journal_ = Journal::rollback;
    database = open_for_recording(*file_, journal_);
  }
  if (!database) return pass_on(database);
  database_.emplace(std::move(*database));
  return check_file();
}

// Another file may have taken the name before SQLite opened it. Where the log does not work (9p, NFS) two
// descriptors of a file may not see each other's locks either.
Result<> SqliteSink::check_file() {
  return database_->transaction([&]() -> Result<> {
    if (is_locked_by_sqlite(file_->fd()) || (journal_ == Journal::rollback && file_->in_place())) return {};
    return fail(Failure::measurement, "was replaced while it was made");
  });
}

template <class Work>
Result<> SqliteSink::commit(Work&& work) {
  if (!database_ || ended_) return fail(Failure::measurement, "the recording is not open", path_.string());
  // What is beside its old name is another's journal.
  if (journal_ == Journal::rollback && !file_->in_place())
    static_cast<void>(database_->exec("PRAGMA journal_mode=MEMORY"));
  return failed_to_write(database_->transaction(std::forward<Work>(work)), path_);
}

Result<> SqliteSink::regions(std::span<const Region> more) {
  if (more.empty()) return {};
  Result<> committed = commit([&] {
    Inserter rows(*database_);
    int id = regions_;
    for (const Region& region : more)
      rows.add("regions", ++id, region.parent < 0 ? std::nullopt : std::optional(region.parent + 1),
               region.name, region.ordinal, region.collector, region.work.flops, region.work.bytes,
               region.work.how);
    return rows.result();
  });
  if (committed) regions_ += static_cast<int>(more.size());
  return committed;
}

Result<> SqliteSink::rank_places(std::span<const RankPlace> more) {
  if (more.empty()) return {};
  Result<> committed = commit([&] {
    Inserter rows(*database_);
    int id = rank_places_;
    for (const RankPlace& place : more)
      rows.add("rank_places", ++id, place.rank, place.size, place.local_rank, place.local_size, place.node,
               place.launcher, place.cpus, place.numa);
    return rows.result();
  });
  if (committed) rank_places_ += static_cast<int>(more.size());
  return committed;
}

Result<> SqliteSink::node_idles(std::span<const NodeIdle> more) {
  if (more.empty()) return {};
  return commit([&] {
    Inserter rows(*database_);
    for (const NodeIdle& idle : more) {
      const NodePower& one = idle.power;
      rows.add("node_idles", idle.before, idle.place + 1, idle.begin_unix_s, idle.lasted, one.source,
               one.channel, one.scope, number_of(one.energy), number_of(one.uncertainty), number_of(one.mean),
               number_of(one.least), number_of(one.most), one.readings, one.by_run, one.reason);
    }
    return rows.result();
  });
}

Result<> SqliteSink::execution(const Execution& execution) {
  Result<> committed = commit([&] { return insert_execution(execution, executions_ + 1); });
  if (!committed) return committed;
  ++executions_;
  if (execution.ranks) rank_runs_ += static_cast<int>(execution.ranks->ranks.size());
  if (!execution.regions) return committed;
  region_threads_ += static_cast<int>(execution.regions->threads.size());
  region_totals_ += static_cast<int>(execution.regions->totals.size());
  return committed;
}

Result<> SqliteSink::insert_execution(const Execution& execution, int id) {
  Inserter rows(*database_);
  rows.add("executions", id, execution.variant, execution.test, execution.pass, execution.begin - start_,
           execution.end - start_, execution.user, execution.system, execution.max_rss_kb,
           execution.voluntary_switches, execution.involuntary_switches, execution.minor_faults,
           execution.major_faults, execution.exit_status, execution.signal, execution.timed_out,
           execution.left_out, execution.items);
  if (execution.output_bytes > 0) rows.add("outputs", id, execution.output, execution.output_bytes);
  for (std::size_t i = 0; i < execution.captures.size(); ++i)
    if (execution.captures[i]) rows.add("captured", id, static_cast<int>(i), *execution.captures[i]);
  add_readings(rows, execution, id, start_);
  if (execution.regions)
    add_regions(rows, *execution.regions, id, region_threads_ + 1, region_totals_ + 1, start_);
  if (execution.ranks) add_ranks(rows, *execution.ranks, id, rank_runs_ + 1);
  for (const bool after : {false, true})
    for (const Fact& fact : after ? execution.after : execution.before)
      rows.add("states", id, after, fact.key, fact.value);
  return rows.result();
}

// In the unit of its channel. A source that says "nan" has no value.
std::optional<double> SqliteSink::stored_value(const PowerSample& sample) const {
  std::optional<double> value;
  if (kinds_[static_cast<std::size_t>(sample.channel)] == ChannelKind::accumulating) {
    if (sample.joules) value = sample.joules->value;
  } else if (sample.watts) {
    value = sample.watts->value;
  }
  return value && std::isfinite(*value) ? value : std::nullopt;
}

Result<> SqliteSink::insert_samples(std::span<const PowerSample> samples) {
  Inserter rows(*database_);
  for (const PowerSample& sample : samples)
    rows.add("samples", sample.channel, sample.time - start_, sample.read, stored_value(sample),
             sample.sensor_time, static_cast<int>(sample.status),
             sample.readings == 1 ? std::nullopt : std::optional(sample.readings),
             stored_microwatts(sample, sample.least), stored_microwatts(sample, sample.most),
             stored_microwatts(sample, sample.deviation));
  return rows.result();
}

// In the place of all rows of samples.
Result<> SqliteSink::pack_samples() {
  Inserter rows(*database_);
  for (const SampleBlock& block : packed(unpacked_, start_))
    rows.add("sample_blocks", block.channel, block.channels, static_cast<std::int64_t>(block.count),
             std::as_bytes(std::span(block.bytes)));
  return rows.result() ? database_->exec("DELETE FROM samples") : rows.result();
}

// A row of each at once, so that none is lost; what are many rows becomes blocks.
Result<> SqliteSink::samples(std::span<const PowerSample> samples) {
  if (samples.empty()) return {};
  for (const PowerSample& sample : samples)
    unpacked_[static_cast<std::size_t>(sample.channel)].push_back(sample);
  unpacked_count_ += samples.size();
  const bool many = unpacked_count_ >= std::max(kMostRows, kFewestOfChannel * kinds_.size());
  Result<> stored = commit([&] { return many ? pack_samples() : insert_samples(samples); });
  if (!many || !stored) return stored;
  for (std::vector<PowerSample>& own : unpacked_) own.clear();
  unpacked_count_ = 0;
  return stored;
}

Result<> SqliteSink::server_bins(std::span<const ServerBin> bins) {
  if (bins.empty()) return {};
  return commit([&] {
    Inserter rows(*database_);
    for (const ServerBin& bin : bins)
      rows.add("server_bins", bin.source, bin.begin - start_, bin.end - start_, bin.watts, bin.ours,
               bin.partitions, bin.virtual_io, bin.firmware, bin.total);
    return rows.result();
  });
}

Result<> SqliteSink::window(const Window& window) {
  return commit([&] {
    return database_->insert("windows", window.before, window.begin - start_, window.end - start_);
  });
}

Result<> SqliteSink::interlude(const Interlude& one) {
  return commit([&] {
    return database_->insert("windows", static_cast<int>(one.kind), one.begin - start_, one.end - start_);
  });
}

Result<> SqliteSink::note(const Note& note) {
  return commit(
      [&] { return database_->insert("notes", to_text(note.kind), note.time - start_, note.text); });
}

Result<> SqliteSink::insert_end(Ending ending, Nanoseconds at, std::span<const PowerSource> sources) {
  Result<Statement> close = database_->prepare("UPDATE recording SET ending=?, end_ns=?");
  if (!close) return pass_on(close);
  if (auto closed = close->run(to_text(ending), at - start_); !closed) return closed;
  Result<Statement> counts = database_->prepare(
      "UPDATE sources SET reads=?, failures=?, reconnects=?, missed=?, repeats=?, cpu_s=?, late_mean_s=?, "
      "late_most_s=?, renews_ns=? WHERE id=?");
  if (!counts) return pass_on(counts);
  Result<> counted;
  for (std::size_t i = 0; counted && i < sources.size(); ++i) {
    const PowerSource& source = sources[i];
    counted = counts->run(source.reads, source.failures, source.reconnects, source.missed, source.repeats,
                          source.cpu, source.late_mean, source.late_most, source.renews, static_cast<int>(i));
  }
  return counted;
}

// Brings what is in the log to FILE and the disk. Once it is there, the change of the journal's mode need not
// wait for the disk. Does nothing where another program is reading the file just now: it stays complete, with
// its log beside it. What was moved has its log where it left it, or another's.
void SqliteSink::leave_one_file() {
  bool moved = false;
  if (!database_->exec("PRAGMA busy_timeout=1000")) return;
  if (Result<Statement> checkpoint = database_->prepare("PRAGMA wal_checkpoint(FULL)"))
    moved = checkpoint->step().value_or(false) && checkpoint->cell(0).integer() == 0;
  if (!moved) return;
  if (file_->in_place())
    static_cast<void>(database_->exec("PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY"));
  else
    whole_ = true;
}

Result<> SqliteSink::end(Ending ending, Nanoseconds at, std::span<const PowerSource> sources) {
  Result<> ended = commit([&] { return insert_end(ending, at, sources); });
  if (!ended) return ended;
  ended_ = true;
  leave_one_file();
  return {};
}

std::optional<std::string> SqliteSink::trouble() {
  if (!file_) return std::nullopt;
  const fs::path place = file_->place();
  if (std::exchange(told_place_, place) == place || place == path_) return std::nullopt;
  if (file_->deleted())
    return fmt::format("the recording {} was deleted: only the summary at the end will be left of it",
                       path_.string());
  return fmt::format("the recording {} was moved{}{}: it is written on there", path_.string(),
                     place.empty() ? "" : " to ", place.string());
}

Result<Recording> SqliteSink::recording() {
  if (!database_) return fail(Failure::measurement, "the recording is not open", path_.string());
  RowSource source{*database_, path_.string(), kLargest, kLargest, {}};
  return load_all(source);
}

}  // namespace pw
