// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/ground/regular_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace pw::inference {
namespace {

Result<std::size_t> size_of(const Descriptor& file, const std::filesystem::path& path) {
  struct stat now {};
  if (::fstat(file.fd(), &now) != 0) return fail_errno(Failure::input, "cannot read", errno, path.string());
  if (S_ISDIR(now.st_mode)) return fail_errno(Failure::input, "cannot read", EISDIR, path.string());
  if (!S_ISREG(now.st_mode)) return fail(Failure::input, "not a regular file", path.string());
  return static_cast<std::size_t>(now.st_size);
}

}  // namespace

Result<Descriptor> open_regular(const std::filesystem::path& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return fail_errno(Failure::input, "cannot open", errno, path.string());
  if (const auto size = size_of(file, path); !size) return pass_on(size);
  return file;
}

Result<std::size_t> regular_size(const std::filesystem::path& path) {
  const auto file = open_regular(path);
  return file ? size_of(*file, path) : pass_on(file);
}

Result<std::string> read_regular(const std::filesystem::path& path, std::size_t most) {
  const auto file = open_regular(path);
  if (!file) return pass_on(file);
  const auto size = size_of(*file, path);
  if (!size) return pass_on(size);
  if (*size > most)
    return fail(Failure::input, fmt::format("of {} bytes, more than {}", *size, most), path.string());
  std::string content(*size, '\0');
  std::size_t got = 0;
  while (got < content.size()) {
    const ssize_t count = ::read(file->fd(), content.data() + got, content.size() - got);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno(Failure::input, "cannot read", errno, path.string());
    if (count == 0) break;
    got += static_cast<std::size_t>(count);
  }
  content.resize(got);
  return content;
}

}  // namespace pw::inference
