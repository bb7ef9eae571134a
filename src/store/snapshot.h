// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"
#include "os/file.h"

namespace pw {

// The journal that belongs to the database `path` and holds something: "-wal", "-journal", or nothing.
std::optional<std::string> journal_of(const std::filesystem::path& path);

// A folder with a copy of `path` and of its journal, under the names `copied_name` and `copied_name`-wal or
// -journal. Another process may be recording meanwhile: the copy is one state that it committed.
// Fails (input) where the journal could make SQLite touch other files.
Result<TempFolder> copy_with_journal(const std::filesystem::path& path, const std::string& copied_name);

}  // namespace pw
