// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/messages.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "os/relay.h"

namespace pw {
namespace {

constexpr std::size_t kMostMessages = 256 << 10;
constexpr Nanoseconds kPatienceAtExit{1'000'000'000};

Relay& messages() {
  static Relay* const relay = new Relay(STDERR_FILENO, kMostMessages);  // outlives every other static
  return *relay;
}

#ifdef __GLIBC__
ssize_t take_message(void*, const char* text, std::size_t size) {
  messages().pass({text, size});
  return static_cast<ssize_t>(size);
}
#endif

}  // namespace

void never_wait_for_readers_of_messages() {
#ifdef __GLIBC__
  FILE* const stream = ::fopencookie(nullptr, "w", {nullptr, take_message, nullptr, nullptr});
  if (!stream) return;
  std::setvbuf(stream, nullptr, _IONBF, 0);
  stderr = stream;
  std::atexit([] { messages().finish(kPatienceAtExit); });
#endif
}

std::int64_t unread_messages() { return messages().unread(); }

}  // namespace pw
