// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/launcher.h"

#include <gmock/gmock.h>

#include <map>

namespace pw {
namespace {

Variables these(std::map<std::string, std::string> all) {
  return [all = std::move(all)](const char* name) -> std::optional<std::string> {
    const auto one = all.find(name);
    return one == all.end() ? std::nullopt : std::optional(one->second);
  };
}

TEST(Launcher, IsKnownByItsVariables) {
  const auto open_mpi = launched_as(these({{"OMPI_COMM_WORLD_RANK", "5"},
                                           {"OMPI_COMM_WORLD_SIZE", "8"},
                                           {"OMPI_COMM_WORLD_LOCAL_RANK", "1"},
                                           {"OMPI_COMM_WORLD_LOCAL_SIZE", "4"}}));
  ASSERT_TRUE(open_mpi);
  EXPECT_EQ(open_mpi->launcher, "Open MPI");
  EXPECT_EQ(open_mpi->rank, 5);
  EXPECT_EQ(open_mpi->size, 8);
  EXPECT_EQ(open_mpi->local_rank, 1);
  EXPECT_EQ(open_mpi->local_size, 4);
  const auto mpich = launched_as(these({{"PMI_RANK", "0"}, {"PMI_SIZE", "1"}, {"MPI_LOCALRANKID", "0"}}));
  ASSERT_TRUE(mpich);
  EXPECT_EQ(mpich->launcher, "MPICH");
  EXPECT_EQ(mpich->local_size, std::nullopt);
  const auto slurm =
      launched_as(these({{"SLURM_PROCID", "63"}, {"SLURM_STEP_NUM_TASKS", "64"}, {"SLURM_LOCALID", "15"}}));
  ASSERT_TRUE(slurm);
  EXPECT_EQ(slurm->launcher, "Slurm");
  EXPECT_EQ(slurm->local_rank, 15);
}

TEST(Launcher, OfMpiWithinAJobOfSlurmsIsMpis) {
  const auto place = launched_as(these({{"SLURM_PROCID", "0"},
                                        {"SLURM_STEP_NUM_TASKS", "1"},
                                        {"OMPI_COMM_WORLD_RANK", "3"},
                                        {"OMPI_COMM_WORLD_SIZE", "4"}}));
  ASSERT_TRUE(place);
  EXPECT_EQ(place->launcher, "Open MPI");
  EXPECT_EQ(place->rank, 3);
}

TEST(Launcher, IsNoneWithoutRankAndSizeThatCanBe) {
  EXPECT_FALSE(launched_as(these({})));
  EXPECT_FALSE(launched_as(these({{"PMI_RANK", "3"}})));
  EXPECT_FALSE(launched_as(these({{"PMI_RANK", "3"}, {"PMI_SIZE", "3"}})));
  EXPECT_FALSE(launched_as(these({{"PMI_RANK", "-1"}, {"PMI_SIZE", "3"}})));
  EXPECT_FALSE(launched_as(these({{"PMI_RANK", "x"}, {"PMI_SIZE", "3"}})));
  EXPECT_FALSE(launched_as(these({{"PMI_RANK", "1"}, {"PMI_SIZE", "99999999999"}})));
}

}  // namespace
}  // namespace pw
