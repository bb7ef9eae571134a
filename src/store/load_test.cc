// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/load.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "base/text.h"
#include "export/export.h"
#include "export/test_content.h"
#include "model/test_samples.h"
#include "os/file.h"
#include "store/rows.h"
#include "store/schema.h"
#include "store/test_promises.h"
#include "store/test_recording.h"

namespace pw {
namespace {

namespace fs = std::filesystem;
using testing::EndsWith;
using testing::HasSubstr;

std::string value_text(const Cell& cell) {
  if (cell.type() == CellType::real) return exact_number(cell.real());
  return cell.type() == CellType::integer ? std::to_string(cell.integer()) : std::string(cell.text());
}

class Load : public testing::Test {
 protected:
  TempFolder folder_ = TempFolder::make().value();
  fs::path file_ = folder_.path() / "r?%20#.perfwatt";

  std::string message(const fs::path& path) {
    const Result<Recording> recording = load(path);
    if (recording) return "loaded";
    EXPECT_EQ(recording.error().kind, Failure::input);
    return one_line(recording.error());
  }
  std::string message() { return message(file_); }
  void change(const std::string& sql) {
    Database database = Database::open(file_.string(), Database::Mode::write).value();
    const Result<> changed = database.exec("PRAGMA synchronous=OFF;" + sql);
    ASSERT_TRUE(changed) << one_line(changed.error()) << sql;
  }
  std::vector<std::string> names() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_.path())) names.push_back(entry.path().filename());
    std::ranges::sort(names);
    return names;
  }
  // Everything that is in a recording, as text.
  std::string dump(const fs::path& path) {
    Database database = Database::open(path.string(), Database::Mode::read).value();
    std::string text;
    for (const Table& table : kTables) {
      Statement rows = database.prepare("SELECT * FROM " + std::string(table.name)).value();
      while (rows.step().value()) {
        text += table.name;
        for (int i = 0; i < rows.columns(); ++i) text += "|" + value_text(rows.cell(i));
        text += "\n";
      }
    }
    return text;
  }
};

TEST_F(Load, GivesBackWhatWasRecorded) {
  Recording original = test::test_recording();
  original.executions[1].readings[0].value = ~std::uint64_t{0};
  original.executions[1].output = std::string("\xff\0raw", 5);
  ASSERT_TRUE(test::record(file_, original));
  const Result<Recording> loaded = load(file_);
  ASSERT_TRUE(loaded) << one_line(loaded.error());
  EXPECT_EQ(loaded->executions[1].readings[0].value, ~std::uint64_t{0});
  EXPECT_EQ(loaded->executions[1].output, original.executions[1].output);
  EXPECT_EQ(loaded->samples.begin()->sensor_time, 1'700'000'000);
  EXPECT_EQ(loaded->samples.begin()->time, test::at(0.5));
  EXPECT_EQ(loaded->executions[1].intervals[1].time, original.executions[1].end);
  EXPECT_EQ(loaded->events[0].passes, (std::vector<int>{1, 2}));
  EXPECT_EQ(loaded->ending, Ending::complete);
  const Analysis none;
  EXPECT_EQ(test::content_of(export_json(*loaded, none).at(0)),
            test::content_of(export_json(original, none).at(0)));
  const fs::path again = folder_.path() / "again.perfwatt";
  ASSERT_TRUE(test::record(again, *loaded));
  EXPECT_EQ(dump(again), dump(file_));
}

TEST_F(Load, GivesBackRegions) {
  const Recording original = test::with_regions(test::test_recording());
  ASSERT_TRUE(test::record(file_, original));
  const Result<Recording> loaded = load(file_);
  ASSERT_TRUE(loaded) << one_line(loaded.error());
  EXPECT_EQ(loaded->mark_cost, original.mark_cost);
  EXPECT_EQ(loaded->region_scope, original.region_scope);
  EXPECT_EQ(loaded->peaks.peaks, original.peaks.peaks);
  EXPECT_EQ(loaded->peaks.conditions.at(0).value, "performance");
  EXPECT_EQ(loaded->regions, original.regions);
  EXPECT_FALSE(loaded->executions[0].regions);
  ASSERT_TRUE(loaded->executions[1].regions);
  EXPECT_EQ(*loaded->executions[1].regions, *original.executions[1].regions);
}

TEST_F(Load, RefusesDamagedRegions) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"UPDATE regions SET parent=2 WHERE id=2", "row 2 of regions: parent: out of range"},
      {"UPDATE regions SET ordinal=0", "regions: ordinal"},
      {"UPDATE region_threads SET execution=99", "region_threads: execution"},
      {"UPDATE region_totals SET region=4", "region_totals: region"},
      {"UPDATE region_totals SET region_thread=3", "region_totals: region_thread"},
      {"UPDATE region_totals SET own_ns=total_ns+1", "more than all of it"},
      {"UPDATE region_log SET region_thread=3", "region_log: region_thread"},
      {"UPDATE region_log SET count=count+1", "no block of occurrences"},
      {"UPDATE region_log SET bytes=substr(bytes, 2)", "no block of occurrences"},
      {"UPDATE region_threads SET complete_ns='x'", "region_threads: complete_ns"},
      {"UPDATE facts SET value='x' WHERE section='regions'", "no cost of a mark"}};
  const fs::path good = folder_.path() / "good";
  ASSERT_TRUE(test::record(good, test::with_regions(test::test_recording())));
  for (const auto& [sql, expected] : cases) {
    fs::copy_file(good, file_, fs::copy_options::overwrite_existing);
    change(sql);
    EXPECT_THAT(message(), HasSubstr(expected)) << sql;
  }
}

TEST_F(Load, GivesBackRanks) {
  const Recording original = test::with_ranks(test::test_recording());
  ASSERT_TRUE(test::record(file_, original));
  const Result<Recording> loaded = load(file_);
  ASSERT_TRUE(loaded) << one_line(loaded.error());
  EXPECT_EQ(loaded->rank_places, original.rank_places);
  EXPECT_EQ(loaded->node_idles, original.node_idles);
  EXPECT_FALSE(loaded->executions[0].ranks);
  ASSERT_TRUE(loaded->executions[1].ranks);
  const ExecutionRanks &ranks = *loaded->executions[1].ranks, &expected = *original.executions[1].ranks;
  ASSERT_EQ(ranks.size, 3);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(ranks.ranks[i].place, expected.ranks[i].place);
    EXPECT_EQ(ranks.ranks[i].state, expected.ranks[i].state);
    EXPECT_EQ(ranks.ranks[i].begin_unix_s, expected.ranks[i].begin_unix_s);
    EXPECT_EQ(ranks.ranks[i].elapsed, expected.ranks[i].elapsed);
    EXPECT_EQ(ranks.ranks[i].usage, expected.ranks[i].usage);
    EXPECT_EQ(ranks.ranks[i].power, expected.ranks[i].power);
    EXPECT_EQ(ranks.ranks[i].node_use, expected.ranks[i].node_use);
    ASSERT_EQ(ranks.ranks[i].readings.size(), expected.ranks[i].readings.size());
  }
  EXPECT_EQ(ranks.ranks[0].readings[1].value, 1'750'000U);
  EXPECT_EQ(ranks.ranks[1].readings[0].reason, "nobody told it");
}

TEST_F(Load, RefusesDamagedRanks) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"UPDATE rank_places SET size=1 WHERE id=2", "rank_places: size: no less than there are"},
      {"UPDATE rank_places SET rank=-1", "rank_places: rank"},
      {"UPDATE ranks SET execution=99", "ranks: execution"},
      {"UPDATE ranks SET rank=rank+1", "its rank is not the next"},
      {"UPDATE ranks SET place=3", "ranks: place"},
      {"UPDATE ranks SET state='fine'", "ranks: state"},
      {"UPDATE ranks SET state='missing'", "known of what has not ended"},
      {"UPDATE ranks SET user_s=NULL", "ranks: user_s"},
      {"UPDATE rank_readings SET rank_run=4", "rank_readings: rank_run"},
      {"UPDATE rank_readings SET event=5", "rank_readings: event"},
      {"UPDATE rank_power SET rank_run=4", "rank_power: rank_run"},
      {"UPDATE rank_power SET energy_j=-1", "rank_power: energy_j"},
      {"UPDATE node_use SET rank_run=4", "node_use: rank_run"},
      {"UPDATE node_use SET rank_run=1", "its node was told of before"},
      {"UPDATE node_use SET busy_s=-1", "node_use: busy_s"},
      {"UPDATE node_use SET cpus=-1", "node_use: cpus"},
      {"UPDATE node_idles SET place=3", "node_idles: place"},
      {"UPDATE node_idles SET before=2", "node_idles: before"},
      {"UPDATE node_idles SET mean_w=-1", "node_idles: mean_w"},
      {"UPDATE rank_readings SET status='ok', enabled_ns=0", "never counted"}};
  const fs::path good = folder_.path() / "good";
  ASSERT_TRUE(test::record(good, test::with_ranks(test::test_recording())));
  for (const auto& [sql, expected] : cases) {
    fs::copy_file(good, file_, fs::copy_options::overwrite_existing);
    change(sql);
    EXPECT_THAT(message(), HasSubstr(expected)) << sql;
  }
}

TEST_F(Load, GivesBackVariants) {
  const Recording original = test::test_variants();
  ASSERT_TRUE(test::record(file_, original));
  const Result<Recording> loaded = load(file_);
  ASSERT_TRUE(loaded) << one_line(loaded.error());
  const std::vector<Variant>& variants = loaded->experiment.variants;
  ASSERT_EQ(variants.size(), 2u);
  EXPECT_EQ(variants[1].label, original.experiment.variants[1].label);
  EXPECT_EQ(variants[1].values.at(1).key, "name");
  EXPECT_EQ(variants[1].values.at(1).value, test::kHostile);
  EXPECT_EQ(variants[0].command.back(), "1");
  EXPECT_EQ(variants[1].command.back(), "2");
  EXPECT_EQ(loaded->experiment.command, original.experiment.command);
  EXPECT_EQ(loaded->experiment.procedure.at(1).value, "sync {threads}");
  EXPECT_EQ(loaded->executions.at(4).variant, 0);
  EXPECT_EQ(loaded->executions.at(5).variant, 1);
  EXPECT_EQ(loaded->windows.size(), 2u);
  ASSERT_EQ(loaded->interludes.size(), 2u);
  EXPECT_EQ(to_text(loaded->interludes[1].kind), "cleanup");
  EXPECT_EQ(loaded->interludes[1].end, test::at(11.5));
  const fs::path again = folder_.path() / "again.perfwatt";
  ASSERT_TRUE(test::record(again, *loaded));
  EXPECT_EQ(dump(again), dump(file_));
}

TEST_F(Load, LeavesOneFileThatFileKnows) {
  ASSERT_TRUE(test::record(file_, test::test_recording()));
  EXPECT_EQ(names(), (std::vector<std::string>{file_.filename()}));
  const std::string bytes = read_file(file_).value();
  EXPECT_EQ(bytes.substr(0, 16), std::string("SQLite format 3\0", 16));
  EXPECT_EQ(bytes.substr(68, 4), "pfwt");
  EXPECT_EQ(bytes[18], 1);
}

TEST_F(Load, SortsSamplesThatGoBackInTime) {
  Recording recording = test::test_recording();
  test::change_samples(recording, [](auto& samples) { std::swap(samples[0], samples[2]); });
  ASSERT_TRUE(test::record(file_, recording));
  const std::vector<PowerSample> loaded = load(file_)->samples.unpacked();
  EXPECT_EQ(loaded[0].time, test::at(0.5));
  EXPECT_EQ(loaded[2].time, test::at(1.5));
}

// A meter's log may begin before the recording does.
TEST_F(Load, KnowsTimesBeforeTheStart) {
  Recording recording = test::test_recording();
  test::change_samples(recording, [](auto& samples) { samples[0].time = test::at(-999); });
  recording.notes[0].time = test::at(-1000);
  ASSERT_TRUE(test::record(file_, recording));
  EXPECT_EQ(load(file_)->samples.begin()->time, test::at(-999));
  EXPECT_EQ(load(file_)->notes[0].time, Nanoseconds{0});
  change("UPDATE notes SET time_ns=time_ns-1");
  EXPECT_THAT(message(), HasSubstr("time_ns: out of range"));
}

// SampleStatus's numbers stand in every recording.
TEST_F(Load, StatusNumbersStayWhatTheyAre) {
  Recording recording = test::test_recording();
  const std::vector<std::string> names = {"ok",           "inactive", "busy", "timeout",
                                          "session-lost", "error",    "reset"};
  recording.samples.clear();
  for (std::size_t i = 0; i < names.size(); ++i)
    recording.samples.push_back({0, test::at(1), {1}, Watts{1}, {}, {}, SampleStatus::ok});
  ASSERT_TRUE(test::record(file_, recording));
  change("UPDATE samples SET status=rowid-1");
  const std::vector<PowerSample> loaded = load(file_)->samples.unpacked();
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(to_text(loaded.at(i).status), names[i]);
}

TEST_F(Load, SaysWhatAFileIsThatIsNoRecording) {
  EXPECT_THAT(message(), HasSubstr("cannot open: No such file"));
  EXPECT_THAT(message(folder_.path()), HasSubstr("a folder, not a recording"));
  EXPECT_THAT(message("/dev/null"), HasSubstr("no regular file"));
  const auto looks = [&](std::string_view content) {
    EXPECT_TRUE(write_file(file_, content));
    return message();
  };
  EXPECT_THAT(looks(""), HasSubstr("the file is empty"));
  EXPECT_THAT(looks("PERFILE2\x68"), HasSubstr("looks like perf's perf.data"));
  EXPECT_THAT(looks("test,pass,begin_s"), HasSubstr("looks like an export"));
  EXPECT_THAT(looks("hello"), HasSubstr("not a recording; recordings are made by"));
  EXPECT_THAT(looks(std::string("SQLite format 3\0", 16)), HasSubstr("not a recording"));
  fs::remove(file_);
  change("CREATE TABLE t(a)");
  EXPECT_THAT(message(), HasSubstr("an SQLite database, but no perfwatt recording"));
}

TEST_F(Load, SaysWhichPerfwattANewerRecordingNeeds) {
  ASSERT_TRUE(test::record(file_, test::test_recording()));
  change("PRAGMA user_version=7; UPDATE recording SET version='3.1'; DROP TABLE notes");
  EXPECT_THAT(message(),
              HasSubstr("made by a newer perfwatt (perfwatt 3.1, layout 7); this one reads layout 1"));
}

TEST_F(Load, RefusesLayoutsOfBeforeTheFirstRelease) {
  ASSERT_TRUE(test::record(file_, test::test_recording()));
  for (const int layout : {2, 3, 4}) {
    change(fmt::format("PRAGMA user_version={}", layout));
    EXPECT_THAT(message(), EndsWith(fmt::format("of layout {}, which was never released and is not read; "
                                                "record again",
                                                layout)));
  }
  change("PRAGMA user_version=1; DROP TABLE variants; ALTER TABLE experiment DROP COLUMN target");
  EXPECT_THAT(message(), EndsWith("damaged, or older than the first release: its tables are not those of a "
                                  "recording; record again"));
}

TEST_F(Load, KeepsWhatCountingCosts) {
  Recording recording = test::test_recording();
  recording.counting_cost.reset();
  ASSERT_TRUE(test::record(file_, recording));
  EXPECT_FALSE(load(file_)->counting_cost);
  change("UPDATE recording SET counters_read_ns=300");
  EXPECT_THAT(message(), HasSubstr("counters_read_ns: the other is not there"));
  change("UPDATE recording SET counters_start_stop_ns=0");
  const Recording loaded = load(file_).value();
  ASSERT_TRUE(loaded.counting_cost);
  EXPECT_EQ(loaded.counting_cost->start_stop, Nanoseconds{0});
  EXPECT_EQ(loaded.counting_cost->read, Nanoseconds{300});
}

TEST_F(Load, KnowsHowASourceWasRead) {
  Recording recording = test::test_recording();
  recording.channels[0].refresh = {40'000'000};
  recording.channels[0].meter = kMeterBmc;
  recording.channels[0].clock_hz = 512e6;
  recording.channels[0].sample_error = {1};
  recording.sources[0].late_most = {0.25};
  recording.sources[0].renews = Nanoseconds{1'000'000'000};
  recording.sources[0].seed = -7;
  recording.channels[0].device = "/sys/class/hwmon/hwmon1/power1_input";
  recording.channels[0].averages = {20'000'000'000};
  test::change_samples(recording, [](auto& samples) {
    PowerSample& first = samples.at(0);
    first.readings = 10;
    first.least = 299.5F, first.most = 1e4F, first.deviation = 0.000003F;
    first.status = SampleStatus::no_value;
  });
  ASSERT_TRUE(test::record(file_, recording));
  const Result<Recording> loaded = load(file_);
  ASSERT_TRUE(loaded) << one_line(loaded.error());
  EXPECT_EQ(loaded->channels[0].refresh, Nanoseconds{40'000'000});
  EXPECT_EQ(loaded->channels[0].meter, kMeterBmc);
  EXPECT_EQ(loaded->channels[0].clock_hz, 512e6);
  EXPECT_EQ(loaded->channels[0].sample_error, Watts{1});
  EXPECT_EQ(loaded->channels[1].sample_error, Watts{0.5});
  EXPECT_EQ(loaded->sources[0].late_most, Seconds{0.25});
  EXPECT_EQ(loaded->sources[0].renews, Nanoseconds{1'000'000'000});
  EXPECT_FALSE(loaded->sources[1].renews);
  EXPECT_EQ(loaded->sources[0].seed, -7);
  EXPECT_EQ(loaded->channels[0].device, "/sys/class/hwmon/hwmon1/power1_input");
  EXPECT_EQ(loaded->channels[0].averages, Nanoseconds{20'000'000'000});
  const std::vector<PowerSample> samples = loaded->samples.unpacked();
  const PowerSample& sample = samples.at(0);
  EXPECT_EQ(sample.status, SampleStatus::no_value);
  EXPECT_EQ(sample.readings, 10);
  EXPECT_EQ(sample.least, 299.5F);
  EXPECT_EQ(sample.most, 1e4F);
  EXPECT_FLOAT_EQ(sample.deviation, 0.000003F);
  EXPECT_EQ(samples.at(1).readings, 1);
}

TEST_F(Load, SeesThatAFileWasCutShort) {
  ASSERT_TRUE(test::record(file_, test::test_recording()));
  const auto size = fs::file_size(file_);
  fs::resize_file(file_, size - 1);
  EXPECT_THAT(message(), HasSubstr("cut short: " + std::to_string(size - 1) + " of " + std::to_string(size)));
  fs::resize_file(file_, 4096);
  EXPECT_THAT(message(), HasSubstr("cut short"));
}

TEST_F(Load, RefusesOtherTablesViewsAndTriggersInPlaceOfOurs) {
  ASSERT_TRUE(test::record(file_, test::test_recording()));
  change("DROP TABLE notes; CREATE VIEW notes AS SELECT 'warning' AS kind, 1 AS time_ns, 'x' AS text");
  EXPECT_THAT(message(), HasSubstr("its tables are not those of a recording"));
}

TEST_F(Load, RefusesValuesThatCannotBe) {
  struct Case {
    const char* sql;
    const char* expected;
  };
  const Case cases[] = {
      {"UPDATE channels SET source=2", "row 0 of channels: source: out of range"},
      {"UPDATE channels SET id=5 WHERE id=1", "channels: id"},
      {"UPDATE pass_events SET event=-1", "pass_events: event: out of range"},
      {"UPDATE pass_events SET pass=1", "twice in a pass"},
      {"UPDATE readings SET event=99", "readings: event: out of range"},
      {"UPDATE readings SET execution=0", "readings: execution: out of range"},
      {"UPDATE readings SET status='perhaps'", "readings: status: no known value"},
      {"UPDATE readings SET running_ns=0 WHERE status='scaled'", "never counted"},
      {"UPDATE readings SET enabled_ns=-5", "enabled_ns: out of range"},
      {"UPDATE executions SET test=3", "executions: test: out of range"},
      {"UPDATE executions SET pass=3", "executions: pass: out of range"},
      {"UPDATE executions SET end_ns=1", "before its begin"},
      {"UPDATE executions SET id=1000000 WHERE id=5", "executions: id: out of range"},
      {"UPDATE executions SET max_rss_kb='much'", "max_rss_kb: of the wrong type"},
      {"UPDATE executions SET user_s=9e999", "user_s: out of range"},
      {"UPDATE samples SET channel=2", "samples: channel: out of range"},
      {"UPDATE samples SET time_ns=9223372036854775807", "time_ns: out of range"},
      {"UPDATE samples SET value=x'00'", "value: of the wrong type"},
      {"UPDATE samples SET status=8", "samples: status: out of range"},
      {"UPDATE executions SET variant=1", "executions: variant: out of range"},
      {"UPDATE arguments SET variant=-1", "arguments: variant: out of range"},
      {"UPDATE arguments SET variant=NULL", "arguments: variant: of the wrong type"},
      {"DELETE FROM variants", "variants must have a row"},
      {"INSERT INTO variants VALUES(2, 'threads=2')", "variants: id: out of range"},
      {"INSERT INTO variants VALUES(1, 'threads=2')", "not the same names of each variant"},
      {"UPDATE variants SET label='threads=2'", "not the same names of each variant"},
      {"UPDATE events SET scale=0 WHERE id=0", "a scale of 0"},
      {"UPDATE channels SET sample_error_w=-1", "sample_error_w: out of range"},
      {"UPDATE sources SET reads=-1", "reads: out of range"},
      {"UPDATE captured SET capture=2", "capture: out of range"},
      {"UPDATE windows SET before=6", "before: out of range"},
      {"UPDATE server_bins SET source=2", "server_bins: source: out of range"},
      {"UPDATE server_bins SET end_ns=begin_ns", "server_bins: end_ns: not after its begin"},
      {"UPDATE server_bins SET ours=-1", "server_bins: ours: out of range"},
      {"UPDATE experiment SET tests=2000000000", "tests: out of range"},
      {"UPDATE facts SET section='else'", "no known section"},
      {"UPDATE recording SET ending='happily'", "ending: no known value"},
      {"DELETE FROM recording", "recording must have one row"},
      {"INSERT INTO experiment SELECT * FROM experiment", "experiment must have one row"},
      {"UPDATE states SET execution=6", "states: execution: out of range"},
      {"UPDATE states SET after=2", "states: after: out of range"},
      {"UPDATE states SET value=NULL", "states: value: of the wrong type"},
      {"UPDATE notes SET kind=NULL", "kind: of the wrong type"},
  };
  const fs::path good = folder_.path() / "good";
  ASSERT_TRUE(test::record(good, test::test_recording()));
  for (const Case& wrong : cases) {
    fs::copy_file(good, file_, fs::copy_options::overwrite_existing);
    change(wrong.sql);
    EXPECT_THAT(message(), HasSubstr(wrong.expected)) << wrong.sql;
  }
}

TEST_F(Load, RefusesVariantsThatCannotBe) {
  const std::pair<const char*, const char*> cases[] = {
      {"UPDATE executions SET variant=2 WHERE id=6", "executions: variant: out of range"},
      {"UPDATE arguments SET variant=2 WHERE variant=1", "arguments: variant: out of range"},
      {"UPDATE variant_values SET variant=0", "not the same names of each variant"},
      {"UPDATE variant_values SET name='x' WHERE value='2'", "not the same names of each variant"},
      {"DELETE FROM variant_values", "not the same names of each variant"},
      {"UPDATE variant_values SET value=NULL", "variant_values: value: of the wrong type"},
      {"UPDATE variants SET id=7 WHERE id=1", "variants: id: out of range"},
      {"WITH RECURSIVE n(i) AS (VALUES(2) UNION ALL SELECT i+1 FROM n WHERE i<10000) "
       "INSERT INTO variants SELECT i, '' FROM n",
       "variants: id: too many"},
      {"WITH RECURSIVE n(i) AS (VALUES(2) UNION ALL SELECT i+1 FROM n WHERE i<101) "
       "INSERT INTO variant_values SELECT 0, i, '' FROM n",
       "too many"}};
  const fs::path good = folder_.path() / "good";
  ASSERT_TRUE(test::record(good, test::test_variants()));
  for (const auto& [sql, expected] : cases) {
    fs::copy_file(good, file_, fs::copy_options::overwrite_existing);
    change(sql);
    EXPECT_THAT(message(), HasSubstr(expected)) << sql;
  }
}

// Every column of every table with every kind of nonsense: an error, or a recording that keeps its promises.
TEST_F(Load, PromisesHoldWhateverStandsInAColumn) {
  const fs::path good = folder_.path() / "good";
  ASSERT_TRUE(test::record(good, test::with_ranks(test::with_regions(test::test_variants()))));
  const std::vector<std::string> values = {"NULL",  "-1", "0",        "1e999",  "9223372036854775807",
                                           "-9e18", "''", "'scaled'", "x'ff00'"};
  int loaded = 0;
  for (const Table& table : kTables) {
    Database database = Database::open(good.string(), Database::Mode::read).value();
    Statement columns = database.prepare("SELECT * FROM " + std::string(table.name)).value();
    for (int column = 0; column < columns.columns(); ++column)
      for (const std::string& value : values) {
        fs::copy_file(good, file_, fs::copy_options::overwrite_existing);
        static_cast<void>(Database::open(file_.string(), Database::Mode::write)
                              ->exec("PRAGMA synchronous=OFF; UPDATE OR IGNORE " + std::string(table.name) +
                                     " SET " + columns.column_name(column) + "=" + value));
        const Result<Recording> recording = load(file_);
        if (!recording) continue;
        ++loaded;
        EXPECT_EQ(test::broken_promise(*recording), "")
            << table.name << "." << columns.column_name(column) << "=" << value;
        const Analysis none;
        for (const ExportFunction exporter : {export_csv, export_json})
          for (const Document& document : exporter(*recording, none)) test::content_of(document);
      }
  }
  EXPECT_GT(loaded, 100);
}

TEST_F(Load, SurvivesDamagedBytes) {
  const fs::path good = folder_.path() / "good";
  ASSERT_TRUE(test::record(good, test::test_recording()));
  const std::string bytes = read_file(good).value();
  std::uint32_t random = 1;
  const auto next = [&random] { return random = random * 1664525u + 1013904223u; };
  for (int i = 0; i < 300; ++i) {
    std::string damaged = bytes;
    for (int flips = i % 8; flips >= 0; --flips) {
      const std::size_t page = (next() >> 8) % (damaged.size() / 4096) * 4096;
      damaged[page + (next() >> 8) % (i % 2 ? 4096 : 64)] = static_cast<char>(next() >> 24);
    }
    ASSERT_TRUE(write_file(file_, damaged));
    if (const Result<Recording> recording = load(file_)) {
      EXPECT_EQ(test::broken_promise(*recording), "");
    }
  }
}

// So many samples that most are stored in blocks.
Recording long_recording(int samples) {
  Recording recording = test::test_recording();
  recording.samples.clear();
  for (int i = 0; i < samples; ++i) {
    recording.samples.push_back({0, test::at(0.01 * i), {i}, Watts{0.1 * i}, {}, 7 * i, SampleStatus::ok});
    recording.samples.push_back({1, test::at(0.01 * i), {i}, {}, Joules{0.3 * i}, {}, SampleStatus::ok});
  }
  return recording;
}

TEST_F(Load, GivesTheSamplesOfBlocksAndRowsInTheirOrder) {
  const Recording recording = long_recording(20'000);
  ASSERT_EQ(recording.channels.at(0).kind, ChannelKind::instantaneous);
  ASSERT_EQ(recording.channels.at(1).kind, ChannelKind::accumulating);
  ASSERT_TRUE(test::record(file_, recording));
  const std::vector<PowerSample> loaded = load(file_)->samples.unpacked(),
                                 first = recording.samples.unpacked();
  ASSERT_EQ(loaded.size(), 40'000U);
  for (std::size_t i = 0; i < loaded.size(); ++i) {
    ASSERT_EQ(loaded[i].channel, first[i].channel);
    ASSERT_EQ(loaded[i].time, first[i].time);
    ASSERT_EQ(loaded[i].watts, first[i].watts);
    ASSERT_EQ(loaded[i].joules, first[i].joules);
    ASSERT_EQ(loaded[i].sensor_time, first[i].sensor_time);
  }
  Database database = Database::open(file_.string(), Database::Mode::read).value();
  Statement rows = database
                       .prepare(
                           "SELECT (SELECT sum(channels * count) FROM sample_blocks), "
                           "(SELECT count(*) FROM samples)")
                       .value();
  ASSERT_TRUE(rows.step().value());
  EXPECT_EQ(rows.cell(0).integer() + rows.cell(1).integer(), 40'000);
  EXPECT_GE(rows.cell(0).integer(), 16'384);
}

TEST_F(Load, RefusesBlocksThatAreNone) {
  for (const char* damage : {"count=count+1", "count=0", "count=1e9", "channel=7", "channels=9", "channels=0",
                             "bytes=x''", "bytes=zeroblob(length(bytes))", "bytes=substr(bytes,2)",
                             "bytes=NULL", "count=-1", "channel=channel+1,channels=1"}) {
    ASSERT_TRUE(test::record(file_, long_recording(20'000)));
    change(std::string("UPDATE sample_blocks SET ") + damage);
    EXPECT_THAT(message(), HasSubstr("sample_blocks")) << damage;
    std::filesystem::remove(file_);
  }
}

// Pages that refer to each other in circles could give rows without end.
TEST_F(Load, RefusesAPageThatComesTwice) {
  Recording recording = test::test_recording();
  for (int i = 0; i < 1000; ++i)
    recording.samples.push_back({0, test::at(10 + i), {1}, Watts{1}, {}, {}, SampleStatus::ok});
  ASSERT_TRUE(test::record(file_, recording));
  std::int64_t root = 0;
  {
    Database database = Database::open(file_.string(), Database::Mode::read).value();
    Statement page = database.prepare("SELECT rootpage FROM sqlite_schema WHERE name='samples'").value();
    ASSERT_TRUE(page.step().value());
    root = page.cell(0).integer();
  }
  std::string bytes = read_file(file_).value();
  const std::size_t page = static_cast<std::size_t>(root - 1) * 4096;
  ASSERT_EQ(bytes[page], 5);  // an interior page: 12 bytes of head, then the offsets of its cells
  const auto cell = [&](std::size_t i) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[page + at]); };
    return page + static_cast<std::size_t>(byte(12 + 2 * i) << 8 | byte(13 + 2 * i));
  };
  bytes.replace(cell(1), 4, bytes.substr(cell(0), 4));
  ASSERT_TRUE(write_file(file_, bytes));
  EXPECT_THAT(message(), HasSubstr("samples: rowid: out of order"));
}

TEST_F(Load, RefusesMoreTextThanAFileCanHold) {
  ASSERT_TRUE(test::record(file_, test::test_recording()));
  Database database = Database::open(file_.string(), Database::Mode::read).value();
  RowSource source{database, "r.perfwatt", 10, 10};
  Rows row(source, "notes");
  while (row.next()) row.text();
  ASSERT_FALSE(row.result());
  EXPECT_THAT(one_line(row.result().error()),
              HasSubstr("row 2 of notes: kind: more text than the file can hold"));
}

TEST_F(Load, ReadsAnInterruptedRecordingFromAReadOnlyFolderAndChangesNothing) {
  const auto sink = SqliteSink::create(file_, IfExists::refuse).value();
  ASSERT_TRUE(test::put_all(*sink, test::test_recording()));
  ASSERT_TRUE(fs::exists(file_.string() + "-wal"));
  // What a killed perfwatt leaves: both files as they stand now.
  const TempFolder left = TempFolder::make().value();
  const fs::path file = left.path() / "left.perfwatt";
  fs::copy_file(file_, file);
  fs::copy_file(file_.string() + "-wal", file.string() + "-wal");
  const std::string before = read_file(file).value() + read_file(file.string() + "-wal").value();
  ::chmod(left.path().c_str(), 0555);
  const fs::path link = folder_.path() / "link";
  fs::create_symlink(file, link);
  for (const fs::path& path : {file, link, file_}) {
    const Result<Recording> loaded = load(path);
    ASSERT_TRUE(loaded) << one_line(loaded.error());
    EXPECT_EQ(loaded->interrupted(), path != file_);  // which is being written
    EXPECT_EQ(loaded->ending, path == file_ ? Ending::under_way : Ending::killed);
    EXPECT_EQ(loaded->executions.size(), 5u);
    EXPECT_EQ(loaded->end, test::at(11));  // the last window
  }
  EXPECT_EQ(read_file(file).value() + read_file(file.string() + "-wal").value(), before);
  EXPECT_EQ(std::distance(fs::directory_iterator(left.path()), {}), 2);
  ::chmod(left.path().c_str(), 0755);
}

// FILE without its FILE-wal, as copied by hand: what was checkpointed is there.
TEST_F(Load, ReadsAFileInWalModeWithoutItsLog) {
  const auto sink = SqliteSink::create(file_, IfExists::refuse).value();
  ASSERT_TRUE(test::put_all(*sink, test::test_recording()));
  const fs::path alone = folder_.path() / "alone";
  fs::copy_file(file_, alone);
  const Result<Recording> loaded = load(alone);
  ASSERT_TRUE(loaded) << one_line(loaded.error());
  EXPECT_EQ(loaded->executions.size(), 0u);
  EXPECT_EQ(loaded->events.size(), 5u);
  EXPECT_FALSE(fs::exists(alone.string() + "-wal"));
  EXPECT_FALSE(fs::exists(alone.string() + "-shm"));
}

// SQLite deletes the super-journal that a rollback journal names.
TEST_F(Load, RefusesAJournalThatNamesOtherFiles) {
  ASSERT_TRUE(test::record(file_, test::test_recording()));
  const std::string magic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";
  ASSERT_TRUE(write_file(file_.string() + "-journal", magic + std::string(600, '\0') + magic));
  EXPECT_THAT(message(), HasSubstr("its journal refers to other files"));
  ASSERT_TRUE(write_file(file_.string() + "-journal", "not a journal"));
  EXPECT_EQ(message(), "loaded");
}

}  // namespace
}  // namespace pw
