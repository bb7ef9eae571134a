// SPDX-License-Identifier: GPL-3.0-or-later
// Where a new recording goes.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "os/descriptor.h"
#include "os/folder.h"

namespace pw {

// SQLite's companions of a database, by what follows its name.
inline constexpr const char* kSidecars[] = {"-wal", "-shm", "-journal"};

enum class IfExists { refuse, replace, other_name };  // other_name: NAME-2.perfwatt and so on

// Fails (input) where `path` or a journal of it exists and `how` refuses, where it is no regular file or is
// being written, or where its folder cannot be written. Changes nothing.
Result<> check_new_file(const std::filesystem::path& path, IfExists how);

struct NewFile {
  std::filesystem::path path;
  Descriptor file;
};

// Makes `path`, which lies in `folder`, with `content`, whole and locked for writing before anybody sees it.
// With IfExists::replace it takes the place of what is there, which nobody may be writing, and of its
// journals. On failure what was there is still there.
Result<NewFile> make_new_file(const Folder& folder, const std::filesystem::path& path, IfExists how,
                              std::string_view content);

// Whether `name`, from `folder` on, is the file that is open as `fd`; `flags` of fstatat(2).
bool same_file(int fd, int folder, const char* name, int flags);

}  // namespace pw
