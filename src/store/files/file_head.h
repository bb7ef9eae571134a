// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.h"

namespace pw {

// The first 100 bytes of an SQLite file, as far as we use them.
struct FileHead {
  bool has_log = false;             // the file is in WAL mode
  std::int64_t application_id = 0;  // kApplicationId: a recording
  std::int64_t user_version = 0;    // a recording's schema
  std::uint64_t file_bytes = 0;
  std::uint64_t stated_bytes = 0;  // what the file should be long (without a journal); 0: not stated
};

// Fails (input) where `path` is no SQLite file, saying what it looks like.
Result<FileHead> read_file_head(const std::filesystem::path& path);

// The first `size` bytes of a file, fewer where it is shorter; "" where it cannot be read.
std::string first_bytes(const std::filesystem::path& path, std::size_t size);

}  // namespace pw
