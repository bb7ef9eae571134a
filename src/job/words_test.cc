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

TEST(JobWords, OfTheProgramStay) {
  const Words words = {"srun", "perfwatt", "rank", "--", "echo", "perfwatt", "rank"};
  EXPECT_THAT(with_job(words, "/j", 3), ElementsAre("srun", "perfwatt", "rank", "--job", "/j", "--execution",
                                                    "3", "--", "echo", "perfwatt", "rank"));
}

// As in an idle window.
Words watching(const Words& words) {
  const auto launcher = without_programs(words);
  return launcher ? with_job(*launcher, "/j", 3, Seconds{2.5}) : Words{};
}

TEST(JobWords, OfAnIdleWindowHaveNoProgram) {
  EXPECT_THAT(watching({"srun", "-n", "2", "perfwatt", "rank", "--", "a", "-b"}),
              ElementsAre("srun", "-n", "2", "perfwatt", "rank", "--job", "/j", "--execution", "3", "--watch",
                          "2.5"));
  EXPECT_THAT(watching({"mpirun", "-n", "1", "perfwatt", "rank", "a", "-x", ":", "-n", "2", "./perfwatt",
                        "rank", "b", "{drawn}"}),
              ElementsAre("mpirun", "-n", "1", "perfwatt", "rank", "--job", "/j", "--execution", "3",
                          "--watch", "2.5", ":", "-n", "2", "./perfwatt", "rank", "--job", "/j",
                          "--execution", "3", "--watch", "2.5"));
  EXPECT_THAT(*without_programs(Words{"srun", "perfwatt", "rank", "--", "echo", "perfwatt", "rank"}),
              ElementsAre("srun", "perfwatt", "rank"));
}

TEST(JobWords, OfAnIdleWindowNameNoFilesOfOutput) {
  const auto kept = [](Words launcher) {
    launcher.insert(launcher.end(), {"perfwatt", "rank", "-o", "a"});
    Words words = without_programs(launcher).value();
    words.resize(words.size() - 2);
    return words;
  };
  EXPECT_THAT(kept({"srun", "-o", "f", "-n", "2"}), ElementsAre("srun", "-n", "2"));
  EXPECT_THAT(kept({"/usr/bin/srun", "-of", "--error=g", "--output", "h", "--overlap", "-ek"}),
              ElementsAre("/usr/bin/srun", "--overlap"));
  EXPECT_THAT(kept({"env", "A=1", "mpirun", "--output-filename", "d", "-np", "2"}),
              ElementsAre("env", "A=1", "mpirun", "-np", "2"));
  EXPECT_THAT(kept({"mpiexec.hydra", "-outfile-pattern=o.%r", "-errfile-pattern", "e", "-n", "2"}),
              ElementsAre("mpiexec.hydra", "-n", "2"));
  const Words within = {"srun", "-n", "4", "apptainer", "exec", "-e", "app.sif"};
  EXPECT_EQ(kept(within), within) << "of another program";
  const Words around = {"stdbuf", "-oL", "srun", "--overlap"};
  EXPECT_EQ(kept(around), around);
  EXPECT_THAT(kept({"mylauncher", "-o", "f"}), ElementsAre("mylauncher", "-o", "f"))
      << "not known what it is";
}

TEST(JobWords, OfAnIdleWindowAreNoneWhereAProgramIsNotOurs) {
  EXPECT_FALSE(
      without_programs(Words{"mpirun", "-n", "1", "server", ":", "-n", "2", "perfwatt", "rank", "b"}));
  EXPECT_FALSE(without_programs(Words{"srun", "perfwatt", "rank", "a", ":", "-n", "1", "server"}));
  EXPECT_FALSE(without_programs(Words{"mpiexec.hydra", "perfwatt", "rank", "a", ":", "-n", "1", "server"}));
  EXPECT_FALSE(without_programs(
      Words{"mpirun", "perfwatt", "rank", "a", ":", "server", ":", "perfwatt", "rank", "b"}));
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
