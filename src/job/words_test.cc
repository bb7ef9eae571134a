// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/words.h"

#include <gmock/gmock.h>

namespace pw {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Words = std::vector<std::string>;

TEST(JobWords, AreThoseWithPerfwattRankAmongThem) {
  EXPECT_TRUE(is_job(Words{"mpirun", "-n", "8", "perfwatt", "rank", "--", "./app"}));
  EXPECT_TRUE(is_job(Words{"srun", "/opt/bin/perfwatt", "rank", "./app"}));
  EXPECT_FALSE(is_job(Words{"mpirun", "perfwatt", "show", "rank"}));
  EXPECT_FALSE(is_job(Words{"rank", "perfwatt"}));
  EXPECT_FALSE(is_job(Words{"myperfwatt", "rank"}));
  EXPECT_FALSE(is_job(Words{}));
}

TEST(JobWords, AreTheRanksOfEachProgram) {
  const Words words = {"mpirun", "-n", "1", "perfwatt",   "rank", "--", "a",
                       ":",      "-n", "2", "./perfwatt", "rank", "b"};
  EXPECT_THAT(
      with_job(words, "/scratch/j", 7),
      ElementsAre("mpirun", "-n", "1", "perfwatt", "rank", "--job", "/scratch/j", "--execution", "7", "--",
                  "a", ":", "-n", "2", "./perfwatt", "rank", "--job", "/scratch/j", "--execution", "7", "b"));
}

TEST(JobWords, OfAnIdleWindowHaveNoProgram) {
  const Words one = {"srun", "-n", "2", "perfwatt", "rank", "--", "a", ":", "b"};
  EXPECT_THAT(*with_watch(one, "/j", 3, {2.5}), ElementsAre("srun", "-n", "2", "perfwatt", "rank", "--job",
                                                            "/j", "--execution", "3", "--watch", "2.5"));
  const Words two = {"mpirun", "-n", "1", "perfwatt",   "rank", "a", "-x",
                     ":",      "-n", "2", "./perfwatt", "rank", "b"};
  EXPECT_THAT(
      *with_watch(two, "/j", 3, {10}),
      ElementsAre("mpirun", "-n", "1", "perfwatt", "rank", "--job", "/j", "--execution", "3", "--watch", "10",
                  ":", "-n", "2", "./perfwatt", "rank", "--job", "/j", "--execution", "3", "--watch", "10"));
  const Words within = {"srun", "perfwatt", "rank", "--", "echo", "perfwatt", "rank"};
  EXPECT_EQ(with_watch(within, "/j", 3, {10})->size(), 9U);
}

TEST(JobWords, OfAnIdleWindowAreNoneWhereAProgramIsNotOurs) {
  EXPECT_FALSE(with_watch(Words{"mpirun", "-n", "1", "server", ":", "-n", "2", "perfwatt", "rank", "b"}, "/j",
                          3, {10}));
  EXPECT_FALSE(with_watch(
      Words{"mpirun", "perfwatt", "rank", "a", ":", "server", ":", "perfwatt", "rank", "b"}, "/j", 3, {10}));
}

TEST(JobWords, OfSrunNeedAnAllocation) {
  const Words words = {"/usr/bin/srun", "perfwatt", "rank", "a"};
  const auto outside = check_allocation(words, [](const char*) { return std::nullopt; });
  ASSERT_FALSE(outside);
  EXPECT_EQ(outside.error().kind, Failure::input);
  EXPECT_THAT(outside.error().hint, HasSubstr("salloc"));
  EXPECT_TRUE(check_allocation(words, [](const char* name) {
    return std::string(name) == "SLURM_JOB_ID" ? std::optional<std::string>("3") : std::nullopt;
  }));
  EXPECT_TRUE(check_allocation(Words{"mpirun", "perfwatt", "rank", "srun.py"},
                               [](const char*) { return std::nullopt; }));
}

}  // namespace
}  // namespace pw
