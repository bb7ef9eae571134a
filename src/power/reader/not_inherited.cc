// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/reader/not_inherited.h"

#include <fcntl.h>

#include "base/text.h"
#include "os/root.h"

namespace pw {
namespace {

std::set<int> open_now() {
  std::set<int> open;
  for (const std::string& name : Root().names("proc/self/fd"))
    if (const auto fd = parse_integer(name)) open.insert(static_cast<int>(*fd));
  // The one that listing them took is closed by now.
  std::erase_if(open, [](int fd) { return ::fcntl(fd, F_GETFD) < 0; });
  return open;
}

}  // namespace

NotInherited::NotInherited() : before_(open_now()) {}

NotInherited::~NotInherited() {
  for (const int fd : open_now())
    if (!before_.contains(fd)) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

}  // namespace pw
