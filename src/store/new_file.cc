// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/new_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <string>

namespace pw {
namespace fs = std::filesystem;
namespace {

bool is_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

tl::unexpected<Error> fail_exists(const fs::path& path) {
  return fail(Failure::input, "exists already", path.string(),
              "--force replaces it, -o FILE records elsewhere");
}

void remove_with_journals(const fs::path& path) {
  std::error_code ignored;
  for (const char* sidecar : kSidecars) fs::remove(path.string() + sidecar, ignored);
  fs::remove(path, ignored);
}

// Renames where nothing of that name exists, also where the file system cannot promise that.
int rename_no_replace(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  if (is_there(to)) return EEXIST;
  return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

Result<> put_in_place(const fs::path& from, const fs::path& path, bool force) {
  // A journal left beside a new file would be taken for its own.
  std::error_code ignored;
  if (force)
    for (const char* sidecar : kSidecars) fs::remove(path.string() + sidecar, ignored);
  const int error = !force                                      ? rename_no_replace(from, path)
                    : ::rename(from.c_str(), path.c_str()) == 0 ? 0
                                                                : errno;
  if (error == EEXIST) return fail_exists(path);
  if (error != 0) return fail_errno(Failure::measurement, "cannot make the recording", error, path.string());
  return {};
}

}  // namespace

Result<> check_new_file(const fs::path& path, bool force) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  if (path.filename().empty() || fs::is_directory(status))
    return fail(Failure::input, "is a folder, not a file to record into", path.string());
  if (fs::exists(status) && !fs::is_regular_file(status))
    return fail(Failure::input, "is no regular file", path.string());
  if (!force) {
    if (is_there(path)) return fail_exists(path);
    for (const char* sidecar : kSidecars)
      if (is_there(path.string() + sidecar)) return fail_exists(path.string() + sidecar);
  }
  const fs::path folder = path.has_parent_path() ? path.parent_path() : ".";
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    return fail_errno(Failure::input, "cannot write in this folder", errno, folder.string(),
                      "-o FILE records elsewhere");
  return {};
}

Result<> make_file(const fs::path& path, bool force, const std::function<Result<>(const fs::path&)>& fill) {
  const fs::path beside = path.string() + "." + std::to_string(::getpid()) + ".new";
  remove_with_journals(beside);
  const int fd = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0) return fail_errno(Failure::measurement, "cannot make the recording", errno, path.string());
  ::close(fd);
  Result<> made = fill(beside);
  if (made) made = put_in_place(beside, path, force);
  if (made) return made;
  remove_with_journals(beside);
  made.error().where = path.string();
  return made;
}

}  // namespace pw
