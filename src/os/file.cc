// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/file.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "os/descriptor.h"
#include "os/doomed.h"
#include "os/folder.h"

namespace pw {
namespace fs = std::filesystem;
namespace {

std::string environment(const char* name) {
  const char* value = getenv(name);
  return value ? value : "";
}

constexpr std::size_t kMostOfKernel = std::size_t{16} << 20;

Result<std::string> read_all(int fd, const fs::path& path, std::size_t most) {
  std::string content;
  char buffer[65536];
  while (true) {
    const ssize_t got = ::read(fd, buffer, sizeof buffer);
    if (got == 0) return content;
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return fail_errno(Failure::input, "cannot read", errno, path.string());
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > most) return fail(Failure::input, "longer than can be", path.string());
  }
}

}  // namespace

Result<std::string> read_file(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return fail_errno(Failure::input, "cannot open", errno, path.string());
  return read_all(file.fd(), path, std::string::npos);
}

Result<std::string> read_kernel_file(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file) return fail_errno(Failure::input, "cannot open", errno, path.string());
  struct stat status {};
  if (::fstat(file.fd(), &status) != 0 || !S_ISREG(status.st_mode))
    return fail(Failure::input, "no regular file", path.string());
  return read_all(file.fd(), path, kMostOfKernel);
}

namespace {

Result<> write_beside(const fs::path& path, std::string_view content) {
  const Result<Folder> folder = Folder::of(path);
  if (!folder) return pass_on(folder);
  Result<FileBeside> file = FileBeside::make(*folder, path.filename().string());
  if (!file) return pass_on(file);
  if (Result<> written = file->write(content); !written) return written;
  const int error = file->put(IfThere::replace);
  if (error != 0) return fail_errno(Failure::measurement, "cannot rename to", error, path.string());
  return {};
}

}  // namespace

Result<> write_file(const fs::path& path, std::string_view content) {
  Result<> written = write_beside(path, content);
  if (!written && written.error().kind == Failure::input) written.error().kind = Failure::measurement;
  return written;
}

Result<> make_folder(const fs::path& path) {
  const Result<Folder> made = Folder::make(path);
  return made ? Result<>{} : pass_on(made);
}

Result<TempFolder> TempFolder::make(std::string_view prefix) {
  std::error_code error;
  const fs::path base = fs::temp_directory_path(error);
  std::string name = ((error ? fs::path("/tmp") : base) / (std::string(prefix) + "XXXXXX")).string();
  if (!::mkdtemp(name.data())) return fail_errno(Failure::measurement, "cannot make a folder", errno, name);
  remove_at_signals(name);
  return TempFolder(name);
}

TempFolder::TempFolder(TempFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TempFolder& TempFolder::operator=(TempFolder&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

TempFolder::~TempFolder() {
  if (path_.empty()) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  keep_at_signals(path_.string());
}

namespace {

// As the machine's list of users has it: a HOME that is not set must not lead to a folder that all can write.
std::string home() {
  if (const std::string home = environment("HOME"); home.starts_with('/')) return home;
  const passwd* const user = ::getpwuid(::geteuid());
  return user && user->pw_dir && user->pw_dir[0] == '/' ? user->pw_dir : "/nonexistent";
}

// A group of one's own, as many systems give each user, is oneself.
bool others_can_write(const struct stat& folder) {
  if (folder.st_uid != 0 && folder.st_uid != ::geteuid()) return true;
  return (folder.st_mode & S_IWOTH) != 0 || ((folder.st_mode & S_IWGRP) != 0 && folder.st_gid != ::getegid());
}

}  // namespace

fs::path cache_folder() {
  if (const std::string cache = environment("XDG_CACHE_HOME"); cache.starts_with('/'))
    return fs::path(cache) / "perfwatt";
  return fs::path(home()) / ".cache" / "perfwatt";
}

Result<> check_cache(const fs::path& folder) {
  for (const fs::path& one : {folder.parent_path(), folder}) {
    struct stat what {};
    if (::stat(one.c_str(), &what) == 0 && others_can_write(what))
      return fail(Failure::not_possible, "others than you and root can write in this folder of the cache",
                  one.string(), "chown and chmod go-w it, or set XDG_CACHE_HOME to a folder of your own");
  }
  return {};
}

Result<> make_cache(const fs::path& folder) {
  const Result<Folder> made = Folder::make(folder, 0700);
  return made ? check_cache(folder) : pass_on(made);
}

fs::path program_path() {
  std::error_code error;
  return fs::read_symlink("/proc/self/exe", error);
}

fs::path data_folder() {
  if (const std::string data = environment("PERFWATT_DATA"); !data.empty()) return data;
  const fs::path here = program_path().parent_path();
  std::error_code error;
  if (const fs::path source = here.parent_path() / "data"; fs::is_directory(source / "models", error))
    return source;
  return here.parent_path() / "share" / "perfwatt";
}

}  // namespace pw
