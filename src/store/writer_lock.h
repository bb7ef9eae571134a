// SPDX-License-Identifier: GPL-3.0-or-later
// Who writes a recording holds a lock on it, which goes with the process however that ends.
#pragma once

#include <filesystem>

namespace pw {

// Takes the lock of the file that is open for writing as `fd`, for as long as it is open. False: another has
// it. Where the file system has no locks, nobody has.
bool lock_for_writing(int fd);

// Whether another perfwatt holds the lock; false where the file cannot be opened.
bool is_being_written(int fd);
bool is_being_written(const std::filesystem::path& path);

// Whether SQLite, in this process too, reads or writes just now the database that is open as `fd`.
bool is_locked_by_sqlite(int fd);

}  // namespace pw
