// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/new_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "store/writer_lock.h"

namespace pw {
namespace fs = std::filesystem;
namespace {

constexpr int kMostNames = 10'000;         // of one default name
constexpr std::size_t kLongestEnding = 8;  // "-journal"

bool is_there(const Folder& folder, const std::string& name) {
  return ::faccessat(folder.fd(), name.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

tl::unexpected<Error> fail_exists(const fs::path& path) {
  return fail(Failure::input, "exists already", path.string(),
              "--force replaces it, -o FILE records elsewhere");
}

tl::unexpected<Error> fail_being_written(const fs::path& path) {
  return fail(Failure::input, "is being written by another perfwatt", path.string(),
              "-o FILE records elsewhere");
}

// The file that is in the way, locked so that nobody begins to write, or to replace it meanwhile.
struct InTheWay {
  Descriptor file;
  bool free = true;  // nobody writes it
};

InTheWay lock_what_is_there(const Folder& folder, const std::string& name) {
  constexpr int kFlags = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  Descriptor file(::openat(folder.fd(), name.c_str(), O_RDWR | kFlags));
  if (file) {
    const bool free = lock_for_writing(file.fd());
    return {std::move(file), free};
  }
  file = Descriptor(::openat(folder.fd(), name.c_str(), O_RDONLY | kFlags));
  const bool free = !file || !is_being_written(file.fd());
  return {std::move(file), free};
}

tl::unexpected<Error> cannot_make(int error, const fs::path& path) {
  return fail_errno(Failure::measurement, "cannot make the recording", error, path.string());
}

// A journal left beside a new file would be taken for its own.
void remove_journals(const Folder& folder, const std::string& name) {
  for (const char* sidecar : kSidecars) ::unlinkat(folder.fd(), (name + sidecar).c_str(), 0);
}

Result<> replace(FileBeside& file, const Folder& folder, const fs::path& path) {
  const std::string name = path.filename().string();
  while (true) {
    const int error = file.put(IfThere::refuse);
    if (error == 0) break;
    if (error != EEXIST) return cannot_make(error, path);
    const InTheWay old = lock_what_is_there(folder, name);
    if (!old.free) return fail_being_written(path);
    if (old.file && !same_file(old.file.fd(), folder.fd(), name.c_str(), AT_SYMLINK_NOFOLLOW)) continue;
    remove_journals(folder, name);
    const int replaced = file.put(IfThere::replace);
    return replaced == 0 ? Result<>{} : cannot_make(replaced, path);
  }
  remove_journals(folder, name);
  return {};
}

// NAME.perfwatt, NAME-2.perfwatt, ...
fs::path numbered(const fs::path& path, int number) {
  if (number == 1) return path;
  return path.parent_path() / fmt::format("{}-{}{}", path.stem().string(), number, path.extension().string());
}

std::optional<fs::path> in_the_way(const Folder& folder, const fs::path& path) {
  if (is_there(folder, path.filename())) return path;
  for (const char* sidecar : kSidecars)
    if (is_there(folder, path.filename().string() + sidecar)) return path.string() + sidecar;
  return std::nullopt;
}

// What could be written before the sources were opened cannot be any more.
template <class T>
tl::unexpected<Error> gone_meanwhile(Result<T> result) {
  result.error().kind = Failure::measurement;
  return pass_on(result);
}

Result<> check_writable(const Folder& folder) {
  if (::faccessat(folder.fd(), ".", W_OK | X_OK, AT_EACCESS) == 0) return {};
  return fail_errno(Failure::input, "cannot write in this folder", errno, folder.path().string(),
                    "-o FILE records elsewhere");
}

}  // namespace

bool same_file(int fd, int folder, const char* name, int flags) {
  struct stat mine {};
  struct stat there {};
  return ::fstat(fd, &mine) == 0 && ::fstatat(folder, name, &there, flags) == 0 &&
         mine.st_dev == there.st_dev && mine.st_ino == there.st_ino;
}

Result<> check_new_file(const fs::path& path, IfExists how) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  if (path.filename().empty() || fs::is_directory(status))
    return fail(Failure::input, "is a folder, not a file to record into", path.string());
  if (fs::exists(status) && !fs::is_regular_file(status))
    return fail(Failure::input, "is no regular file", path.string());
  if (path.filename().string().size() > NAME_MAX - kLongestEnding)
    return fail_errno(Failure::input, "cannot be made with its journals", ENAMETOOLONG, path.string());
  const Result<Folder> folder = Folder::of(path);
  if (!folder) return pass_on(folder);
  if (Result<> writable = check_writable(*folder); !writable) return writable;
  if (how == IfExists::replace && is_being_written(path)) return fail_being_written(path);
  if (how != IfExists::refuse) return {};
  const auto there = in_the_way(*folder, path);
  return there ? fail_exists(*there) : Result<>{};
}

Result<NewFile> make_new_file(const Folder& folder, const fs::path& path, IfExists how,
                              std::string_view content) {
  Result<FileBeside> file = FileBeside::make(folder, path.filename());
  if (!file) return gone_meanwhile(std::move(file));
  lock_for_writing(file->fd());
  if (Result<> written = file->write(content); !written) return pass_on(written);
  if (how == IfExists::replace) {
    if (Result<> replaced = replace(*file, folder, path); !replaced) return pass_on(replaced);
    return NewFile{path, file->take()};
  }
  for (int number = 1;; ++number) {
    const fs::path place = numbered(path, number);
    const auto there = in_the_way(folder, place);
    const int error = there ? EEXIST : file->put(IfThere::refuse, place.filename());
    if (error == 0) return NewFile{place, file->take()};
    if (error != EEXIST) return cannot_make(error, place);
    if (how == IfExists::refuse || number == kMostNames) return fail_exists(there.value_or(place));
  }
}

}  // namespace pw
