// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/rank_gatherer.h"

#include <gmock/gmock.h>

#include <fstream>

#include "job/job_folder.h"
#include "job/test_ranks.h"
#include "os/file.h"

namespace pw {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t kRecorded = 2;  // events

class Gathering : public testing::Test {
 protected:
  fs::path execution(int number) const {
    const fs::path path = execution_folder(folder_.path(), number);
    fs::create_directories(path);
    return path;
  }
  static void put(const fs::path& folder, const RankFile& file) {
    ASSERT_TRUE(write_file(rank_path(folder, file.place.rank), rank_file_text(file)));
  }
  // What the launcher itself used, and the remarks.
  Execution gather() {
    Execution one;
    one.user = {99};
    one.readings = {{7, 5, {1}, {1}, CountStatus::ok, ""}};
    remarks_.clear();
    places_ = gatherer_.gather(one, remarks_);
    return one;
  }
  TempFolder folder_ = TempFolder::make().value();
  RankGatherer gatherer_{kRecorded};
  std::vector<std::string> remarks_;
  std::vector<RankPlace> places_;
};

TEST_F(Gathering, SeesWhenAllHaveBegun) {
  const fs::path folder = execution(1);
  gatherer_.begin(folder, {});
  EXPECT_FALSE(gatherer_.look_for_begins());
  EXPECT_TRUE(gatherer_.nobody());
  for (int rank = 0; rank < 4; ++rank) {
    RankFile file = test::rank_file(rank);
    file.usage.reset(), file.elapsed.reset(), file.readings.clear();
    put(folder, file);
    EXPECT_EQ(gatherer_.look_for_begins(), rank == 3);
    EXPECT_FALSE(gatherer_.nobody());
  }
  EXPECT_FALSE(gatherer_.look()) << "none has ended";
}

TEST_F(Gathering, AddsTheRanksUp) {
  const fs::path folder = execution(1);
  gatherer_.begin(folder, {0, 1});
  for (int rank = 0; rank < 4; ++rank) {
    EXPECT_FALSE(gatherer_.look());
    put(folder, test::rank_file(rank));
  }
  EXPECT_TRUE(gatherer_.look());
  const Execution one = gather();
  EXPECT_THAT(remarks_, IsEmpty());
  ASSERT_EQ(one.ranks->size, 4);
  EXPECT_EQ(places_.size(), 4U);
  EXPECT_EQ(one.ranks->ranks[3].place, 3);
  EXPECT_DOUBLE_EQ(one.user.value, 5) << "the ranks', not the launcher's";
  EXPECT_EQ(one.max_rss_kb, 10240);
  EXPECT_EQ(one.voluntary_switches, 20);
  ASSERT_EQ(one.readings.size(), 3U);
  EXPECT_EQ(one.readings[0].event, 7) << "whole CPUs' stay";
  EXPECT_EQ(one.readings[1].enabled.value, 4000);
  EXPECT_EQ(one.readings[1].status, CountStatus::scaled);
  EXPECT_EQ(one.readings[2].status, CountStatus::not_counted);
  EXPECT_THAT(one.readings[2].reason, HasSubstr("rank 0: perf_event_paranoid is 4"));
}

TEST_F(Gathering, NamesPlacesOnce) {
  for (const int number : {1, 2}) {
    const fs::path folder = execution(number);
    gatherer_.begin(folder, {0});
    for (int rank = 0; rank < 4; ++rank) put(folder, test::rank_file(rank));
    ASSERT_TRUE(gatherer_.look());
    static_cast<void>(gather());
    EXPECT_EQ(places_.size(), number == 1 ? 4U : 0U);
  }
}

TEST_F(Gathering, NamesWhoIsMissing) {
  const fs::path folder = execution(1);
  gatherer_.begin(folder, {0});
  for (const int rank : {0, 3}) put(folder, test::rank_file(rank));
  EXPECT_FALSE(gatherer_.look());
  const Execution one = gather();
  EXPECT_EQ(one.ranks->ranks[1].state, RankState::missing);
  EXPECT_FALSE(one.ranks->ranks[1].usage);
  EXPECT_THAT(remarks_, ElementsAre("ranks 1-2 of 4 are missing: nothing came from them"));
  EXPECT_EQ(one.readings[1].status, CountStatus::not_counted);
  EXPECT_EQ(one.readings[1].reason, "2 of 4 ranks were counted: rank 1 is missing");
}

TEST_F(Gathering, NamesWhoDidNotEnd) {
  const fs::path folder = execution(1);
  gatherer_.begin(folder, {0});
  for (int rank = 0; rank < 4; ++rank) {
    RankFile file = test::rank_file(rank);
    if (rank == 2) file.usage = std::nullopt;
    put(folder, file);
  }
  EXPECT_FALSE(gatherer_.look());
  const Execution one = gather();
  EXPECT_EQ(one.ranks->ranks[2].state, RankState::unfinished);
  EXPECT_EQ(one.ranks->ranks[2].readings.size(), 2U) << "what was told when it was asked to end";
  EXPECT_THAT(remarks_, ElementsAre("rank 2 of 4 (on n2) began, and nothing told how it ended"));
}

TEST_F(Gathering, NamesWhoFailedFirst) {
  const fs::path folder = execution(1);
  gatherer_.begin(folder, {0});
  for (int rank = 0; rank < 4; ++rank) {
    RankFile file = test::rank_file(rank);
    file.usage->signal = rank == 1 ? 11 : 15;
    file.usage->exit_status = 128 + file.usage->signal;
    if (rank == 1) file.elapsed = Nanoseconds{1'000'000'000};
    put(folder, file);
  }
  EXPECT_TRUE(gatherer_.look());
  static_cast<void>(gather());
  ASSERT_EQ(remarks_.size(), 1U);
  EXPECT_THAT(remarks_[0], HasSubstr("rank 1 of 4 (on n1) was the first to fail"));
  EXPECT_THAT(remarks_[0], HasSubstr("SIGSEGV"));
}

TEST_F(Gathering, RemembersHowManyThereAre) {
  const fs::path first = execution(1);
  gatherer_.begin(first, {0});
  EXPECT_FALSE(gatherer_.look());
  const Execution none = gather();
  EXPECT_EQ(none.ranks->size, 0);
  EXPECT_THAT(remarks_, Contains(HasSubstr("no rank told anything")));
  EXPECT_EQ(none.readings[1].status, CountStatus::not_counted);
  EXPECT_DOUBLE_EQ(none.user.value, 99) << "the launcher's";
  put(first, test::rank_file(0));
  gatherer_.look();
  gatherer_.begin(execution(2), {0});
  EXPECT_FALSE(gatherer_.look());
  EXPECT_EQ(gather().ranks->ranks.size(), 4U);
  EXPECT_THAT(remarks_, ElementsAre("ranks 0-3 of 4 are missing: nothing came from them"));
}

TEST_F(Gathering, TellsWhatIsWrongWithAFile) {
  const fs::path folder = execution(1);
  gatherer_.begin(folder, {0});
  put(folder, test::rank_file(0));
  std::ofstream(rank_path(folder, 1)) << "rubbish";
  RankFile other = test::rank_file(2);
  ASSERT_TRUE(write_file(rank_path(folder, 3), rank_file_text(other)));
  fs::create_symlink("/etc/passwd", rank_path(folder, 2));
  EXPECT_FALSE(gatherer_.look());
  static_cast<void>(gather());
  EXPECT_THAT(remarks_, Contains(HasSubstr("1.rank: no perfwatt-rank of this version")));
  EXPECT_THAT(remarks_, Contains(HasSubstr("3.rank: it says another rank")));
  EXPECT_THAT(remarks_, Contains("ranks 1-3 of 4 are missing: nothing came from them"));
}

TEST(JobFolder, IsGoneWhereEverythingCame) {
  const auto folder = TempFolder::make().value();
  const fs::path base = folder.path() / "r.job";
  auto job = JobFolder::make(base, std::nullopt).value();
  EXPECT_EQ(job.begin(RankPlan{}).value(), 1);
  EXPECT_TRUE(fs::exists(plan_path(execution_folder(job.path(), 1))));
  EXPECT_EQ(job.begin(RankPlan{}).value(), 2);
  EXPECT_FALSE(fs::exists(execution_folder(job.path(), 1))) << "it is in the recording";
  job.end();
  EXPECT_FALSE(fs::exists(base));
}

TEST(JobFolder, KeepsWhatDidNotCome) {
  const auto folder = TempFolder::make().value();
  auto job = JobFolder::make(folder.path() / "r.job", std::nullopt).value();
  job.keep(job.begin(RankPlan{}).value());
  EXPECT_EQ(job.begin(RankPlan{}).value(), 2);
  job.end();
  EXPECT_TRUE(fs::exists(execution_folder(job.path(), 1)));
  EXPECT_FALSE(fs::exists(execution_folder(job.path(), 2)));
}

TEST(JobFolder, LeavesAFolderThatWasThere) {
  const auto folder = TempFolder::make().value();
  auto one = JobFolder::make(folder.path(), std::nullopt).value(),
       other = JobFolder::make(folder.path(), std::nullopt).value();
  EXPECT_NE(one.path(), other.path());
  one.end();
  EXPECT_FALSE(fs::exists(one.path()));
  EXPECT_TRUE(fs::exists(other.path()));
  other.end();
  EXPECT_TRUE(fs::exists(folder.path()));
}

}  // namespace
}  // namespace pw
