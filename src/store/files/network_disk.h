// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace pw {

// Whether `folder` lies on a network or cluster file system (or FUSE, which may be one), where SQLite's
// write-ahead log does not work: its shared memory is not shared between machines. False where unknown.
bool on_network_disk(const std::filesystem::path& folder);

// The same of a statfs f_type.
bool is_network_type(long f_type);

}  // namespace pw
