// SPDX-License-Identifier: GPL-3.0-or-later
// Where a new recording goes.
#pragma once

#include <filesystem>
#include <functional>

#include "base/result.h"

namespace pw {

// SQLite's companions of a database, by what follows its name.
inline constexpr const char* kSidecars[] = {"-wal", "-shm", "-journal"};

// Fails (input) where `path` or a journal of it exists and `force` is not given, where it is no regular file,
// or where its folder cannot be written. Changes nothing.
Result<> check_new_file(const std::filesystem::path& path, bool force);

// Makes an empty file beside `path`, lets `fill` write it, and renames it to `path` (with `force`, in place
// of what is there and its journals). On failure what was there is still there.
Result<> make_file(const std::filesystem::path& path, bool force,
                   const std::function<Result<>(const std::filesystem::path&)>& fill);

}  // namespace pw
