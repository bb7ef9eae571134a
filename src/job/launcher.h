// SPDX-License-Identifier: GPL-3.0-or-later
// Which rank this process is, by what its launcher put into the environment.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "model/job.h"

namespace pw {

using Variables = std::function<std::optional<std::string>(const char*)>;

// Those of this process.
std::optional<std::string> own_variable(const char* name);

// The launcher, rank and size, and among those of the node where they are told; nothing: no launcher's. The
// first in this order: Open MPI, MPICH (Hydra), Flux, Slurm: a job of Slurm's starts others, too.
std::optional<RankPlace> launched_as(const Variables& variables);

// Their names, for people: "Open MPI, MPICH, Flux, Slurm".
std::string known_launchers();

}  // namespace pw
