// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/command/starter.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "os/command/open_files.h"
#include "os/command/start.h"
#include "os/command/start_image.h"
#include "os/given.h"
#include "os/signals.h"
#include "os/spawn.h"

namespace pw {
namespace {

constexpr const char* kStarter = "perfwatt-start";
constexpr unsigned kMemfdExec = 0x10;  // MFD_EXEC, Linux 6.3
constexpr int kPatience = 200;         // ms that the starter has to wake up in, on a busy machine, too

struct Talk {
  Descriptor ours, theirs;

  // The error is the errno.
  static tl::expected<Talk, int> open() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return tl::unexpected(errno);
    return Talk{Descriptor(ends[0]), Descriptor(ends[1])};
  }
};

template <typename Message>
bool receive(int fd, Message& message, int flags = 0) {
  ssize_t got = 0;
  do got = ::recv(fd, &message, sizeof message, flags);
  while (got < 0 && errno == EINTR);
  return got == static_cast<ssize_t>(sizeof message);
}

Descriptor write_image() {
  Descriptor image(static_cast<int>(::syscall(SYS_memfd_create, kStarter, MFD_CLOEXEC | kMemfdExec)));
  if (!image) image = Descriptor(static_cast<int>(::syscall(SYS_memfd_create, kStarter, MFD_CLOEXEC)));
  std::span<const char> left = start_image();
  while (image && !left.empty()) {
    const ssize_t written = ::write(image.fd(), left.data(), left.size());
    if (written <= 0) return {};
    left = left.subspan(static_cast<std::size_t>(written));
  }
  return image;
}

// Written once; -1 where it cannot be.
int image_fd() {
  static const Descriptor image = write_image();
  return image.fd();
}

// All that the child needs, made before the fork: there only async-signal-safe calls are allowed.
struct Prepared {
  std::vector<std::string> words, variables;
  std::vector<char*> argv, envp;
  pw_start start{};
  int image = -1;

  Prepared(StartOrder& order, int control, int command) : variables(std::move(order.environment)) {
    words = {kStarter, std::to_string(control), std::to_string(command), std::to_string(::getpid()),
             order.user};
    const std::size_t first = words.size();
    words.insert(words.end(), order.command.begin(), order.command.end());
    argv = c_strings(words);
    envp = c_strings(variables);
    start = {control, command, ::getpid(), argv[4], argv.data() + first};
    image = image_fd();
  }
};

// Returns the errno of what failed.
int become_the_starter(const StartOrder& order, const Prepared& prepared) {
  restore_signals();
  if (::dup2(order.input, 0) < 0 || ::dup2(order.output, 1) < 0 || ::dup2(order.output, 2) < 0) return errno;
  if (order.cpus)
    if (const int error = order.cpus->pin_this_thread(); error != 0) return error;
  restore_open_files();
  const Handed& handed = order.handed;
  if (handed.fd >= 0) ::dup2(handed.fd, handed.number);
  close_own_descriptors_on_exec(std::array{prepared.start.control, prepared.start.command, handed.number});
  if (prepared.image >= 0)
    ::syscall(SYS_execveat, prepared.image, "", prepared.argv.data(), prepared.envp.data(), AT_EMPTY_PATH);
  environ = const_cast<char**>(prepared.envp.data());
  pw_start_command(&prepared.start);
}

bool let_go(int fd, std::span<const Handed> given) {
  given = given.first(std::min<std::size_t>(given.size(), PW_MOST_GIVEN));
  pw_go go{static_cast<std::int32_t>(given.size()), {}};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * PW_MOST_GIVEN)> control{};
  iovec data = {&go, sizeof go};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  if (!given.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(sizeof(int) * given.size());
    cmsghdr* const rights = CMSG_FIRSTHDR(&message);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(sizeof(int) * given.size());
    for (std::size_t i = 0; i < given.size(); ++i) {
      go.numbers[i] = given[i].number;
      std::memcpy(CMSG_DATA(rights) + sizeof(int) * i, &given[i].fd, sizeof(int));
    }
  }
  return ::sendmsg(fd, &message, MSG_NOSIGNAL) == static_cast<ssize_t>(sizeof go);
}

timeval less(const timeval& time, std::int64_t microseconds) {
  const std::int64_t left = std::max<std::int64_t>(0, time.tv_sec * 1'000'000L + time.tv_usec - microseconds);
  return {left / 1'000'000, left % 1'000'000};
}

void reap(pid_t process) {
  while (::waitpid(process, nullptr, 0) < 0 && errno == EINTR) continue;
}

}  // namespace

tl::expected<Started, int> Started::start(StartOrder order) {
  auto control = Talk::open(), talk = Talk::open();
  if (!control || !talk) return tl::unexpected((control ? talk : control).error());
  const Prepared prepared(order, control->theirs.fd(), talk->theirs.fd());
  const pid_t child = ::fork();
  if (child < 0) return tl::unexpected(errno);
  if (child == 0) {
    const pw_word refusal = {-become_the_starter(order, prepared)};
    (void)!::send(control->theirs.fd(), &refusal, sizeof refusal, MSG_NOSIGNAL);
    ::_exit(127);
  }
  control->theirs.close();
  talk->theirs.close();
  pw_word first{-ECHILD};
  receive(control->ours.fd(), first);
  if (first.value < 0) {
    reap(child);
    return tl::unexpected(static_cast<int>(-first.value));
  }
  Started started;
  started.command_ = static_cast<pid_t>(first.value);
  started.starter_ = started.command_ == child ? -1 : child;
  started.control_ = std::move(control->ours);
  started.talk_ = std::move(talk->ours);
  return started;
}

Started::Started(Started&& other) noexcept { *this = std::move(other); }

Started& Started::operator=(Started&& other) noexcept {
  std::swap(command_, other.command_);
  std::swap(starter_, other.starter_);
  std::swap(control_, other.control_);
  std::swap(talk_, other.talk_);
  std::swap(began_, other.began_);
  return *this;
}

Started::~Started() {
  if (starter_ <= 0) return;
  const char over = 1;
  (void)!::send(control_.fd(), &over, 1, MSG_NOSIGNAL);
  ::kill(starter_, SIGCONT);
  reap(starter_);
}

tl::expected<Nanoseconds, int> Started::go(std::span<const Handed> given) {
  if (!let_go(talk_.fd(), given)) let_go(talk_.fd(), {});
  pw_began failed{};
  if (!receive(talk_.fd(), began_)) return tl::unexpected(ECHILD);
  // A successful exec closes the other end.
  const bool refused = began_.error != 0 || receive(talk_.fd(), failed);
  talk_.close();
  if (refused) return tl::unexpected(static_cast<int>(began_.error != 0 ? began_.error : failed.error));
  return Nanoseconds{began_.time};
}

void Started::take_off(rusage& used) const {
  used.ru_utime = less(used.ru_utime, began_.user_us);
  used.ru_stime = less(used.ru_stime, began_.system_us);
  used.ru_minflt = std::max(0L, used.ru_minflt - began_.minor_faults);
  used.ru_nvcsw = std::max(0L, used.ru_nvcsw - began_.voluntary_switches);
  used.ru_nivcsw = std::max(0L, used.ru_nivcsw - began_.involuntary_switches);
}

std::optional<Nanoseconds> Started::ended() const {
  pollfd told = {control_.fd(), POLLIN, 0};
  pw_word word{};
  if (starter_ <= 0 || ::poll(&told, 1, kPatience) <= 0) return std::nullopt;
  if (!receive(control_.fd(), word, MSG_DONTWAIT)) return std::nullopt;
  return Nanoseconds{word.value};
}

}  // namespace pw
