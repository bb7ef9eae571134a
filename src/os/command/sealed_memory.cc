// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/command/sealed_memory.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace pw {
namespace {

constexpr unsigned kNoExec = 0x8;  // MFD_NOEXEC_SEAL, Linux 6.3

Descriptor memory_file(const char* name) {
  constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  Descriptor made(static_cast<int>(::syscall(SYS_memfd_create, name, kFlags | kNoExec)));
  return made ? std::move(made) : Descriptor(static_cast<int>(::syscall(SYS_memfd_create, name, kFlags)));
}

}  // namespace

std::optional<Descriptor> sealed_memory(const char* name, std::span<const char> head, std::size_t bytes) {
  Descriptor made = memory_file(name);
  const bool sealed = made && ::ftruncate(made.fd(), static_cast<off_t>(bytes)) == 0 &&
                      ::pwrite(made.fd(), head.data(), head.size(), 0) == static_cast<ssize_t>(head.size()) &&
                      ::fcntl(made.fd(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0;
  return sealed ? std::optional(std::move(made)) : std::nullopt;
}

std::string read_memory(int fd, std::size_t bytes) {
  std::string content(bytes, '\0');
  std::size_t got = 0;
  while (got < bytes) {
    const ssize_t more = ::pread(fd, content.data() + got, bytes - got, static_cast<off_t>(got));
    if (more <= 0) break;
    got += static_cast<std::size_t>(more);
  }
  content.resize(got);
  return content;
}

}  // namespace pw
