// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/meter/exec.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/text.h"
#include "os/pipe.h"
#include "os/spawn.h"
#include "power/meter/reader.h"
#include "power/reader/address.h"

namespace pw {
namespace {

constexpr std::size_t kShownCommand = 200;  // of a command, in the recording

// Its standard input is a pipe that ends when perfwatt closes it or dies: then the whole group is killed.
constexpr const char* kGuard =
    "{ /bin/sh -c \"$1\" </dev/null; printf '\\n#exit %s\\n' $?; } & "
    "exec >/dev/null 2>&1; read -r nothing; kill -s KILL 0";

class ProgramInput : public MeterInput {
 public:
  ProgramInput(pid_t guard, Descriptor life, Descriptor output)
      : guard_(guard), life_(std::move(life)), output_(std::move(output)) {
    ::fcntl(output_.fd(), F_SETFL, O_NONBLOCK);
  }
  ProgramInput(const ProgramInput&) = delete;
  ProgramInput& operator=(const ProgramInput&) = delete;
  ~ProgramInput() override {
    life_.close();
    output_.close();
    siginfo_t ended{};
    const bool ours = ::waitid(P_PID, static_cast<id_t>(guard_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0;
    if (ours) ::kill(-guard_, SIGKILL);  // it may have been stopped
    if (ours) wait_for_end(guard_);
  }

  Came read(char* into, std::size_t size, Nanoseconds wait) override {
    ssize_t got = ::read(output_.fd(), into, size);
    const bool nothing = got < 0 && (errno == EAGAIN || errno == EINTR);
    if (nothing && wait.value > 0) {
      pollfd ready{output_.fd(), POLLIN, 0};
      ::poll(&ready, 1, static_cast<int>(wait.value / 1'000'000));
      got = ::read(output_.fd(), into, size);
    }
    ended_ = got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
    return {got > 0 ? static_cast<std::size_t>(got) : 0, nothing};
  }

  bool ended() const override { return ended_; }

 private:
  pid_t guard_;
  Descriptor life_;
  Descriptor output_;
  bool ended_ = false;
};

// Our copies of its ends of the pipes are closed, so that its end is seen. The error is the errno.
tl::expected<std::unique_ptr<MeterInput>, int> start(const std::string& command) {
  auto life = Pipe::open(), output = Pipe::open();
  if (!life || !output) return tl::unexpected((life ? output : life).error());
  const auto guard = spawn({.argv = {"/bin/sh", "-c", kGuard, "perfwatt-meter", command},
                            .input = life->out.fd(),
                            .output = output->in.fd(),
                            .own_group = true});
  if (!guard) return tl::unexpected(guard.error());
  return std::make_unique<ProgramInput>(*guard, std::move(life->in), std::move(output->out));
}

}  // namespace

Result<std::unique_ptr<PowerReader>> open_exec(const MeterAddress& meter, double rate_hz,
                                               Nanoseconds patience) {
  const std::string& command = meter.place;
  const std::string address = "exec:" + printable(command.substr(0, kShownCommand));
  if (trim(command).empty())
    return fail(Failure::input, "no command", "exec:", "write exec:COMMAND, last in --power");
  auto input = start(command);
  if (!input)
    return fail_errno(Failure::measurement, "the meter's program cannot be started", input.error(), address);
  auto reader = std::make_unique<MeterReader>("exec", address, rate_hz, meter.mark, std::move(*input));
  if (const Result<> row = reader->wait_for_row(patience); !row) return pass_on(row);
  return reader;
}

namespace {

Result<std::unique_ptr<PowerReader>> open_exec_source(const std::string& address, const PowerRequest&,
                                                      double rate_hz, Nanoseconds patience) {
  const Result<MeterAddress> meter = meter_address(path_in(address, ""));
  return meter ? open_exec(*meter, rate_hz, patience) : pass_on(meter);
}

}  // namespace

constinit const PowerKind kExecPower = {
    "exec",
    "any other meter: a program that prints `watts` or `time,watts` lines",
    "exec:COMMAND[?decimal=comma], to the end of the list: its commas are its own",
    10,
    always_usable,
    open_exec_source,
    no_advice,
    PowerKind::Chosen::by_address,
    true};

}  // namespace pw
