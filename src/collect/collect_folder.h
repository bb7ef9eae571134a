// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace pw {

// Where the files of the collectors are: beside a program that was built and not installed, else in
// lib/perfwatt of where it was installed.
std::filesystem::path collect_folder();

}  // namespace pw
