// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "base/result.h"
#include "os/file.h"
#include "store/sqlite/sqlite.h"

namespace pw {

struct OpenRecording {
  std::optional<TempFolder> copy;  // where the database lies while it is opened, if not in its own place
  Database database;
  std::filesystem::path file;  // of the database
  std::uint64_t bytes = 0;     // of the file and its journal: there is no more text in it
};

// Opens a recording for reading without writing to it or beside it: in place where it is one whole file, else
// as a copy of the file and its journal. It may come from a stranger and be made to harm: the database is
// hardened, and its tables are known to be ours. Errors (input) say what the file looks like instead.
Result<OpenRecording> open_recording(const std::filesystem::path& path);

}  // namespace pw
