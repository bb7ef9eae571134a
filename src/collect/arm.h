// SPDX-License-Identifier: GPL-3.0-or-later
// How commands are made to load the collectors: Collector::arm.
#pragma once

#include <filesystem>

#include "collect/command_environment.h"

namespace pw {

void arm_torch(const std::filesystem::path& folder, CommandEnvironment& environment);
void arm_omp(const std::filesystem::path& folder, CommandEnvironment& environment);

}  // namespace pw
