// SPDX-License-Identifier: GPL-3.0-or-later
// Files: whole reads, writes that never leave half a file, folders that go away.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace pw {

// The whole file, also where it says its size is 0 (procfs, sysfs).
Result<std::string> read_file(const std::filesystem::path& path);

// A file of the kernel's (procfs, sysfs), or one put in its place: nothing that could be waited for or has no
// end. Errors (input): no regular file, more than 16 MiB.
Result<std::string> read_kernel_file(const std::filesystem::path& path);

// Writes beside `path` and renames, so that `path` is the old file, or the whole new one.
Result<> write_file(const std::filesystem::path& path, std::string_view content);

// Makes the folder and its parents where they are missing.
Result<> make_folder(const std::filesystem::path& path);

// A fresh folder under TMPDIR (or /tmp), removed with all it holds when the object goes.
class TempFolder {
 public:
  static Result<TempFolder> make(std::string_view prefix = "perfwatt-");
  TempFolder(TempFolder&& other) noexcept;
  TempFolder& operator=(TempFolder&& other) noexcept;
  ~TempFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  explicit TempFolder(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
};

// The folder that perfwatt keeps fetched things in: $XDG_CACHE_HOME/perfwatt or ~/.cache/perfwatt, where HOME
// is not set in the home that the user has by the machine's list.
std::filesystem::path cache_folder();

// Whether what lies in `folder` of the cache can be used as our own: nobody but its user and root could put
// it there. Fails (not_possible) where others could; what is not there has nothing in it.
Result<> check_cache(const std::filesystem::path& folder);

// The same, and makes the folder.
Result<> make_cache(const std::filesystem::path& folder);

// The folder with perfwatt's own data files: $PERFWATT_DATA, else `data` of the source tree that was built,
// else share/perfwatt beside the running program's bin.
std::filesystem::path data_folder();

// The running program's own path.
std::filesystem::path program_path();

}  // namespace pw
