// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/launcher.h"

#include <cstdlib>
#include <vector>

#include "base/text.h"

namespace pw {
namespace {

struct Launcher {
  const char* name;
  const char* rank;
  const char* size;
  const char* local_rank;  // "": it does not say
  const char* local_size;
};

// Of Slurm SLURM_NTASKS is the job's in a batch script, and the step's within a step, as SLURM_STEP_NUM_TASKS
// is.
constexpr Launcher kLaunchers[] = {
    {"Open MPI", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK",
     "OMPI_COMM_WORLD_LOCAL_SIZE"},
    {"MPICH", "PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", "MPI_LOCALNRANKS"},
    {"Flux", "FLUX_TASK_RANK", "FLUX_JOB_SIZE", "FLUX_TASK_LOCAL_ID", ""},
    {"Slurm", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID", ""},
};

std::optional<int> number_of(const Variables& variables, const char* name) {
  const auto text = *name ? variables(name) : std::nullopt;
  const auto number = text ? parse_integer(*text) : std::nullopt;
  if (!number || *number < 0 || *number > kMostRanks) return std::nullopt;
  return static_cast<int>(*number);
}

}  // namespace

std::optional<std::string> own_variable(const char* name) {
  const char* const value = std::getenv(name);
  return value ? std::optional<std::string>(value) : std::nullopt;
}

std::optional<RankPlace> launched_as(const Variables& variables) {
  for (const Launcher& launcher : kLaunchers) {
    const auto rank = number_of(variables, launcher.rank), size = number_of(variables, launcher.size);
    if (!rank || !size || *rank >= *size) continue;
    RankPlace place;
    place.rank = *rank;
    place.size = *size;
    place.local_rank = number_of(variables, launcher.local_rank);
    place.local_size = number_of(variables, launcher.local_size);
    place.launcher = launcher.name;
    return place;
  }
  return std::nullopt;
}

std::string known_launchers() {
  std::vector<std::string> names;
  for (const Launcher& launcher : kLaunchers) names.emplace_back(launcher.name);
  return join(names, ", ");
}

}  // namespace pw
