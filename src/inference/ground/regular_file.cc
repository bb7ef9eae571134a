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

struct Opened {
  Descriptor file;
  std::size_t size = 0;
};

Result<Opened> open_and_look(const std::filesystem::path& path) {
  Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file) return fail_errno(Failure::input, "cannot open", errno, path.string(), "is its path right?");
  struct stat now {};
  if (::fstat(file.fd(), &now) != 0) return fail_errno(Failure::input, "cannot read", errno, path.string());
  if (S_ISDIR(now.st_mode)) return fail(Failure::input, "it is a folder", path.string(), "name a file");
  if (!S_ISREG(now.st_mode))
    return fail(Failure::input, "it is no regular file but a device, a pipe or a socket", path.string(),
                "copy what it gives into a file first");
  return Opened{std::move(file), static_cast<std::size_t>(now.st_size)};
}

}  // namespace

Result<Descriptor> open_regular(const std::filesystem::path& path) {
  auto opened = open_and_look(path);
  return opened ? Result<Descriptor>(std::move(opened->file)) : pass_on(opened);
}

Result<std::size_t> regular_size(const std::filesystem::path& path) {
  const auto opened = open_and_look(path);
  return opened ? Result<std::size_t>(opened->size) : pass_on(opened);
}

Result<std::string> read_regular(const std::filesystem::path& path, std::size_t most) {
  const auto opened = open_and_look(path);
  if (!opened) return pass_on(opened);
  if (opened->size > most)
    return fail(Failure::input, fmt::format("of {} bytes, more than {}", opened->size, most), path.string(),
                "is it the right file?");
  std::string content(opened->size, '\0');
  std::size_t got = 0;
  while (got < content.size()) {
    const ssize_t count = ::read(opened->file.fd(), content.data() + got, content.size() - got);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail_errno(Failure::input, "cannot read", errno, path.string());
    if (count == 0) break;
    got += static_cast<std::size_t>(count);
  }
  content.resize(got);
  return content;
}

}  // namespace pw::inference
