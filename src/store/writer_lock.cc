// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/writer_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "os/descriptor.h"
#include "store/schema.h"

namespace pw {
namespace {

// A byte that no SQLite locks: beyond those around 2^30. A lock of the open file, not of the process, so that
// SQLite's own, which are the process's, neither meet it nor end with it.
struct flock bytes(off_t first, off_t size) {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  lock.l_start = first;
  lock.l_len = size;
  return lock;
}

struct flock the_byte() {
  return bytes(kApplicationId, 1);
}

bool is_locked(int fd, struct flock lock) {
  return ::fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

}  // namespace

bool lock_for_writing(int fd) {
  struct flock lock = the_byte();
  return ::fcntl(fd, F_OFD_SETLK, &lock) == 0 || (errno != EAGAIN && errno != EACCES);
}

bool is_being_written(int fd) { return is_locked(fd, the_byte()); }

bool is_being_written(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  return file && is_being_written(file.fd());
}

// https://www.sqlite.org/src/file/src/os.h: the bytes of its shared locks.
bool is_locked_by_sqlite(int fd) { return is_locked(fd, bytes(0x40000002, 510)); }

}  // namespace pw
