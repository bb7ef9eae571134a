// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "os/descriptor.h"

namespace pw {
namespace fs = std::filesystem;
namespace {

Result<> write_all(int fd, std::string_view content, const fs::path& path) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail_errno(Failure::measurement, "cannot write", errno, path.string());
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

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

Result<> write_file(const fs::path& path, std::string_view content) {
  std::string beside = path.string() + ".XXXXXX";
  const int fd = ::mkostemp(beside.data(), O_CLOEXEC);
  if (fd < 0) return fail_errno(Failure::measurement, "cannot write", errno, path.string());
  const mode_t mask = ::umask(0);
  ::umask(mask);
  ::fchmod(fd, 0666 & ~mask);
  Result<> written = write_all(fd, content, path);
  if (::close(fd) != 0 && written)
    written = fail_errno(Failure::measurement, "cannot write", errno, path.string());
  if (written && ::rename(beside.c_str(), path.c_str()) != 0)
    written = fail_errno(Failure::measurement, "cannot rename to", errno, path.string());
  if (!written) ::unlink(beside.c_str());
  return written;
}

Result<> make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return fail(Failure::input, "cannot make the folder: " + error.message(), path.string());
  return {};
}

Result<TempFolder> TempFolder::make(std::string_view prefix) {
  std::error_code error;
  const fs::path base = fs::temp_directory_path(error);
  std::string name = ((error ? fs::path("/tmp") : base) / (std::string(prefix) + "XXXXXX")).string();
  if (!::mkdtemp(name.data())) return fail_errno(Failure::measurement, "cannot make a folder", errno, name);
  return TempFolder(name);
}

TempFolder::TempFolder(TempFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}

TempFolder& TempFolder::operator=(TempFolder&& other) noexcept {
  std::swap(path_, other.path_);
  return *this;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

fs::path cache_folder() {
  if (const std::string cache = environment("XDG_CACHE_HOME"); !cache.empty())
    return fs::path(cache) / "perfwatt";
  const std::string home = environment("HOME");
  return fs::path(home.empty() ? "/tmp" : home) / ".cache" / "perfwatt";
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
