// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/pipe.h"

#include <fcntl.h>

#include <array>
#include <cerrno>

namespace pw {

tl::expected<Pipe, int> Pipe::open() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return tl::unexpected(errno);
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

std::string read_to_end(int fd, std::size_t most) {
  std::string text;
  std::array<char, 4096> buffer{};
  while (true) {
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got > 0) text.append(buffer.data(), static_cast<std::size_t>(got));
    if (text.size() > (got > 0 ? 2 * most : most)) text.erase(0, text.size() - most);
    if (got <= 0) return text;
  }
}

}  // namespace pw
