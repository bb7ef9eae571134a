// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/recorder_sink.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "os/file.h"
#include "store/files/network_disk.h"
#include "store/load.h"
#include "store/load_parts.h"
#include "store/open_recording.h"
#include "store/recording_database.h"
#include "store/test_recording.h"

namespace pw {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Recorder : public testing::TestWithParam<Journal> {
 protected:
  TempFolder folder_ = TempFolder::make().value();
  fs::path file_ = folder_.path() / "r.perfwatt";

  std::string refusal(const fs::path& path, bool force = false) {
    const auto sink = SqliteSink::create(path, force ? IfExists::replace : IfExists::refuse);
    if (sink) return "created";
    EXPECT_EQ(sink.error().kind, Failure::input);
    return one_line(sink.error());
  }
  std::ptrdiff_t files() { return std::distance(fs::directory_iterator(folder_.path()), {}); }
};

// Tests as fast as they go, and says through `said` which are committed.
[[noreturn]] void record_until_killed(const fs::path& file, Journal journal, int said) {
  Recording header = test::test_header();
  header.experiment.tests = 1'000'000;
  auto sink = SqliteSink::create(file, IfExists::refuse, journal).value();
  if (!sink->begin(header)) ::_exit(1);
  for (int test = 1;; ++test) {
    const PowerSample sample{0, test::at(test), {1000}, Watts{300}, {}, {}, SampleStatus::ok};
    if (!sink->execution(test::test_execution(test, 1 + test % 2, test, 0.5)) || !sink->samples({&sample, 1}))
      ::_exit(1);
    if (::write(said, &test, sizeof test) != sizeof test) ::_exit(1);
  }
}

// The last test that the child called committed before it was killed, after `wanted` and a little more.
int kill_after(pid_t child, int said, int wanted, useconds_t more) {
  int test = 0;
  while (test < wanted && ::read(said, &test, sizeof test) == sizeof test) {
  }
  ::usleep(more);
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFSIGNALED(status));
  while (::read(said, &test, sizeof test) == sizeof test) {
  }
  return test;
}

TEST_P(Recorder, LosesNothingCommittedWhenKilled) {
  std::srand(1);
  const int most = GetParam() == Journal::log ? 100 : 5;  // a rollback journal waits for the disk
  for (int round = 0; round < 20; ++round) {
    const fs::path file = folder_.path() / std::to_string(round);
    int pipe[2];
    ASSERT_EQ(::pipe(pipe), 0);
    const pid_t child = ::fork();
    if (child == 0) record_until_killed(file, GetParam(), pipe[1]);
    ::close(pipe[1]);
    const int committed =
        kill_after(child, pipe[0], 1 + std::rand() % most, static_cast<useconds_t>(std::rand() % 3000));
    ::close(pipe[0]);
    const Result<Recording> recording = load(file);
    ASSERT_TRUE(recording) << one_line(recording.error());
    EXPECT_TRUE(recording->interrupted());
    ASSERT_GE(static_cast<int>(recording->executions.size()), committed);
    ASSERT_GE(static_cast<int>(recording->samples.size()), committed);
    for (int i = 0; i < committed; ++i) {
      const Execution& execution = recording->executions[static_cast<std::size_t>(i)];
      EXPECT_EQ(execution.test, i + 1);
      EXPECT_EQ(execution.readings.size(), 2u);
    }
    EXPECT_GE(recording->end, test::at(committed));
  }
}

TEST_P(Recorder, CanBeReadWhileItRecordsAndLeavesOneFile) {
  const auto sink = SqliteSink::create(file_, IfExists::refuse, GetParam()).value();
  ASSERT_TRUE(sink->begin(test::test_header()));
  EXPECT_EQ(load(file_).value().executions.size(), 0u);
  ASSERT_TRUE(sink->execution(test::test_execution(1, 1, 1, 1)));
  EXPECT_EQ(load(file_).value().executions.size(), 1u);
  ASSERT_TRUE(sink->end(Ending::stopped, test::at(2), {}));
  EXPECT_EQ(files(), 1);
  const Recording recording = load(file_).value();
  EXPECT_EQ(recording.ending, Ending::stopped);
  EXPECT_EQ(recording.end, test::at(2));
  EXPECT_FALSE(sink->execution(test::test_execution(1, 2, 1, 1)));
}

// What is read while another process records is what stood there at one moment.
TEST_P(Recorder, IsConsistentInEveryMoment) {
  const int executions = GetParam() == Journal::log ? 300 : 40;
  const pid_t child = ::fork();
  if (child == 0) {
    auto sink = SqliteSink::create(file_, IfExists::refuse, GetParam()).value();
    Result<> done = sink->begin(test::test_header());
    for (int i = 0; done && i < executions; ++i) done = sink->execution(test::test_execution(1, 1, i, 0.5));
    if (done) done = sink->end(Ending::complete, test::at(executions), {});
    ::_exit(done ? 0 : 1);
  }
  std::size_t last = 0;
  int status = 0;
  while (::waitpid(child, &status, WNOHANG) == 0) {
    if (!fs::exists(file_)) continue;
    const Result<Recording> recording = load(file_);
    ASSERT_TRUE(recording) << one_line(recording.error());
    EXPECT_GE(recording->executions.size(), last);
    last = recording->executions.size();
    for (const Execution& execution : recording->executions) EXPECT_EQ(execution.readings.size(), 2u);
  }
  EXPECT_EQ(status, 0);
  EXPECT_EQ(load(file_).value().executions.size(), static_cast<std::size_t>(executions));
}

// It is read later than it was opened, and the recorder has gone on meanwhile.
TEST_P(Recorder, IsReadAsOfTheMomentInWhichItWasOpened) {
  const auto sink = SqliteSink::create(file_, IfExists::refuse, GetParam()).value();
  ASSERT_TRUE(sink->begin(test::test_header()));
  Result<OpenRecording> opened = open_recording(file_);
  ASSERT_TRUE(opened) << one_line(opened.error());
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(sink->execution(test::test_execution(1, 1, i, 0.5)));
  ASSERT_TRUE(sink->end(Ending::complete, test::at(100), {}));
  RowSource source{opened->database, file_.string(), opened->bytes, opened->bytes, {}};
  const Result<Recording> recording = load_all(source);
  ASSERT_TRUE(recording) << one_line(recording.error());
  EXPECT_EQ(recording->executions.size(), 0u);
  EXPECT_EQ(load(file_).value().executions.size(), 100u);
}

// Even of the moment between its file's first bytes and its first commit.
TEST_P(Recorder, IsReadAsOfTheMomentBeforeItsFirstCommit) {
  const std::string image = first_image(test::test_header(), GetParam()).value();
  const RecordingFile file = RecordingFile::make(file_, IfExists::refuse, image).value();
  Result<OpenRecording> opened = open_recording(file_);
  ASSERT_TRUE(opened) << one_line(opened.error());
  Database database = open_for_recording(file, GetParam()).value();
  ASSERT_TRUE(database.exec("DROP TABLE experiment; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"));
  RowSource source{opened->database, file_.string(), opened->bytes, opened->bytes, {}};
  const Result<Recording> recording = load_all(source);
  EXPECT_TRUE(recording) << one_line(recording.error());
}

// A recorder that gives up without an end leaves an interrupted recording.
TEST_P(Recorder, NeedsNoEnd) {
  {
    const auto sink = SqliteSink::create(file_, IfExists::refuse, GetParam()).value();
    ASSERT_TRUE(test::put_all(*sink, test::test_recording()));
  }
  const Recording recording = load(file_).value();
  EXPECT_EQ(recording.ending, Ending::killed);
  EXPECT_EQ(recording.executions.size(), 5u);
  EXPECT_EQ(files(), 1);
}

TEST_P(Recorder, GoesOnInTheFileThatWasMoved) {
  for (const bool with_sidecars : {false, true}) {
    const fs::path moved = folder_.path() / "moved";
    {
      const auto sink = SqliteSink::create(file_, IfExists::refuse, GetParam()).value();
      ASSERT_TRUE(sink->begin(test::test_header()));
      ASSERT_TRUE(sink->execution(test::test_execution(1, 1, 1, 1)));
      EXPECT_EQ(sink->trouble(), std::nullopt);
      fs::rename(file_, moved);
      for (const char* sidecar : kSidecars) {
        std::error_code none;
        if (with_sidecars) fs::rename(file_.string() + sidecar, moved.string() + sidecar, none);
      }
      EXPECT_THAT(sink->trouble().value_or(""), HasSubstr("was moved to"));
      EXPECT_EQ(sink->trouble(), std::nullopt);  // said once
      const auto other = SqliteSink::create(file_, IfExists::replace, GetParam()).value();
      ASSERT_TRUE(other->begin(test::test_header()));
      for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE(other->execution(test::test_execution(1, 2, 1, 1)));
        ASSERT_TRUE(sink->execution(test::test_execution(2, 1, 3, 1)));
      }
      ASSERT_TRUE(sink->end(Ending::complete, test::at(5), {}));
      EXPECT_EQ(sink->recording().value().executions.size(), 4u);
      EXPECT_EQ(sink->place(), fs::canonical(moved));
      ASSERT_TRUE(other->execution(test::test_execution(1, 2, 1, 1)));
      ASSERT_TRUE(other->end(Ending::complete, test::at(5), {}));
      EXPECT_EQ(other->recording().value().executions.size(), 4u);
    }
    EXPECT_EQ(files(), 2);
    EXPECT_EQ(load(moved).value().executions[3].test, 2);
    EXPECT_EQ(load(file_).value().executions[3].test, 1);
    fs::remove(file_);
    fs::remove(moved);
  }
}

TEST_P(Recorder, GoesOnWithoutAName) {
  const auto sink = SqliteSink::create(file_, IfExists::refuse, GetParam()).value();
  ASSERT_TRUE(sink->begin(test::test_header()));
  ASSERT_TRUE(sink->execution(test::test_execution(1, 1, 1, 1)));
  fs::remove_all(folder_.path());
  EXPECT_THAT(sink->trouble().value_or(""), HasSubstr("was deleted"));
  ASSERT_TRUE(sink->execution(test::test_execution(2, 1, 3, 1)));
  ASSERT_TRUE(sink->end(Ending::complete, test::at(5), {}));
  EXPECT_TRUE(sink->deleted());
  EXPECT_EQ(sink->recording().value().executions.size(), 2u);
}

TEST_P(Recorder, IsCalledUnderWayAsLongAsItIs) {
  {
    const auto sink = SqliteSink::create(file_, IfExists::refuse, GetParam()).value();
    ASSERT_TRUE(sink->begin(test::test_header()));
    EXPECT_EQ(load(file_).value().ending, Ending::under_way);
    EXPECT_FALSE(load(file_).value().interrupted());
  }
  EXPECT_EQ(load(file_).value().ending, Ending::killed);
}

TEST_P(Recorder, ReplacesNothingThatIsBeingWritten) {
  ASSERT_TRUE(write_file(file_, "old"));
  const auto late = SqliteSink::create(file_, IfExists::replace, GetParam()).value();
  const auto first = SqliteSink::create(file_, IfExists::replace, GetParam()).value();
  ASSERT_TRUE(first->begin(test::test_header()));
  EXPECT_THAT(refusal(file_, true), HasSubstr("is being written by another perfwatt"));
  EXPECT_THAT(one_line(late->begin(test::test_header()).error()), HasSubstr("is being written"));
  ASSERT_TRUE(first->execution(test::test_execution(1, 1, 1, 1)));
  ASSERT_TRUE(first->end(Ending::complete, test::at(2), {}));
  EXPECT_EQ(load(file_).value().executions.size(), 1u);
  EXPECT_EQ(files(), 1);
}

INSTANTIATE_TEST_SUITE_P(Journals, Recorder, testing::Values(Journal::log, Journal::rollback),
                         [](const auto& journal) {
                           return journal.param == Journal::log ? "log" : "rollback";
                         });

using NewFile = Recorder;

TEST_F(NewFile, IsNotMadeBeforeBegin) {
  const auto sink = SqliteSink::create(file_, IfExists::refuse).value();
  EXPECT_EQ(files(), 0);
  ASSERT_TRUE(sink->begin(test::test_header()));
  EXPECT_TRUE(fs::exists(file_));
}

TEST_F(NewFile, ReplacesNothingWithoutForce) {
  ASSERT_TRUE(write_file(file_, "precious"));
  EXPECT_EQ(refusal(file_),
            file_.string() + ": exists already; --force replaces it, -o FILE records elsewhere");
  EXPECT_EQ(refusal(file_, true), "created");
  EXPECT_EQ(read_file(file_).value(), "precious");
}

TEST_F(NewFile, ReplacesNothingThatCameMeanwhile) {
  const auto sink = SqliteSink::create(file_, IfExists::refuse).value();
  ASSERT_TRUE(write_file(file_, "precious"));
  const Result<> begun = sink->begin(test::test_header());
  ASSERT_FALSE(begun);
  EXPECT_THAT(one_line(begun.error()), HasSubstr("r.perfwatt: exists already"));
  EXPECT_EQ(read_file(file_).value(), "precious");
  EXPECT_EQ(files(), 1);
}

TEST_F(NewFile, ReplacesWithForceTheFileAndItsJournals) {
  {
    const auto killed = SqliteSink::create(file_, IfExists::refuse).value();
    ASSERT_TRUE(test::put_all(*killed, test::test_recording()));
    for (const char* sidecar : {"", "-wal"}) {
      fs::copy_file(file_.string() + sidecar, folder_.path() / (std::string("left") + sidecar));
    }
  }
  const fs::path left = folder_.path() / "left";
  const auto sink = SqliteSink::create(left, IfExists::replace).value();
  EXPECT_EQ(load(left).value().executions.size(), 5u);
  ASSERT_TRUE(sink->begin(test::test_header()));
  ASSERT_TRUE(sink->execution(test::test_execution(2, 1, 1, 1)));
  ASSERT_TRUE(sink->end(Ending::complete, test::at(3), {}));
  EXPECT_EQ(load(left).value().executions.size(), 1u);
}

TEST_F(NewFile, IsRefusedWhereNoneCanBe) {
  EXPECT_THAT(refusal(folder_.path()), HasSubstr("is a folder"));
  EXPECT_THAT(refusal(folder_.path() / ""), HasSubstr("is a folder"));
  EXPECT_THAT(refusal("/dev/null", true), HasSubstr("is no regular file"));
  EXPECT_THAT(refusal(folder_.path() / "none" / "r"),
              HasSubstr("none: cannot open the folder: No such file"));
  ASSERT_TRUE(write_file(file_.string() + "-wal", "of another recording"));
  EXPECT_THAT(refusal(file_), HasSubstr("r.perfwatt-wal: exists already"));
}

TEST_F(NewFile, HasAnotherNameWhereOneIsTakenAndAnyWillDo) {
  ASSERT_TRUE(write_file(file_.string() + "-wal", "of another recording"));
  std::vector<std::unique_ptr<SqliteSink>> sinks;
  for (const char* name : {"r-2.perfwatt", "r-3.perfwatt", "r-4.perfwatt"}) {
    sinks.push_back(SqliteSink::create(file_, IfExists::other_name).value());
    ASSERT_TRUE(sinks.back()->begin(test::test_header()));
    EXPECT_EQ(sinks.back()->path(), folder_.path() / name);
  }
}

TEST_F(NewFile, OfAClockBefore1970IsRead) {
  Recording early = test::test_recording();
  early.start_unix_s = -86400.5;
  ASSERT_TRUE(test::record(file_, early));
  EXPECT_EQ(load(file_).value().start_unix_s, -86400.5);
}

TEST_F(NewFile, FailsAsMeasuringDoesWhereItsFolderWent) {
  const auto sink = SqliteSink::create(file_, IfExists::refuse).value();
  fs::remove_all(folder_.path());
  EXPECT_EQ(sink->begin(test::test_header()).error().kind, Failure::measurement);
}

TEST_F(NewFile, HasThePermissionsOfTheUmask) {
  const mode_t mask = ::umask(027);
  EXPECT_TRUE(test::record(file_, test::test_recording()));
  ::umask(mask);
  struct stat info {};
  ASSERT_EQ(::stat(file_.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0640u);
}

// A limit on the size of files stands in for a full disk. What was committed stays, and is readable.
TEST_F(NewFile, SaysThatNoSpaceIsLeftAndKeepsWhatItHas) {
  const auto sink = SqliteSink::create(file_, IfExists::refuse).value();
  ASSERT_TRUE(sink->begin(test::test_header()));
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit small{300'000, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  Result<> done;
  std::size_t committed = 0;
  for (; done && committed < 1000; ++committed) done = sink->execution(test::test_execution(1, 1, 1, 1));
  --committed;
  const Result<> ended = sink->end(Ending::failed, test::at(2), {});
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, SIG_DFL);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().kind, Failure::measurement);
  EXPECT_THAT(one_line(done.error()),
              HasSubstr("r.perfwatt: the file-size limit of this shell is reached (ulimit -f)"));
  EXPECT_GT(committed, 1u);
  EXPECT_EQ(load(file_).value().executions.size(), committed);
}

TEST_F(NewFile, LeavesTheOldOneWhereItCannotBeWritten) {
  ASSERT_TRUE(write_file(file_, "precious"));
  const auto sink = SqliteSink::create(file_, IfExists::replace).value();
  Recording wrong = test::test_header();
  wrong.start_unix_s = 1.0 / 0.0;
  EXPECT_FALSE(sink->begin(wrong));
  EXPECT_EQ(read_file(file_).value(), "precious");
  EXPECT_EQ(files(), 1);
}

TEST(NetworkDisk, IsKnownByItsType) {
  EXPECT_TRUE(is_network_type(0x6969));
  EXPECT_TRUE(is_network_type(static_cast<long>(0xff534d42)));
  EXPECT_TRUE(is_network_type(static_cast<std::int32_t>(0xff534d42)));  // f_type has 32 bits on some machines
  EXPECT_FALSE(is_network_type(0xef53));                                // ext4
  EXPECT_FALSE(is_network_type(0x01021994));                            // tmpfs
  EXPECT_FALSE(on_network_disk("/no/such/folder"));
}

}  // namespace
}  // namespace pw
