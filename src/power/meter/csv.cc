// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/meter/csv.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

#include "base/text.h"
#include "os/descriptor.h"
#include "power/meter/reader.h"
#include "power/reader/address.h"
#include "power/reader/warnings.h"

namespace pw {
namespace {

constexpr off_t kHead = 64 * 1024;        // that a header may begin in
constexpr off_t kTail = 4 * 1024 * 1024;  // that is looked through for rows of the time to come

class LogInput : public MeterInput {
 public:
  LogInput(std::string path, Descriptor log, off_t at)
      : path_(std::move(path)), log_(std::move(log)), at_(at) {}

  Came read(char* into, std::size_t size, Nanoseconds) override {
    const ssize_t got = ::pread(log_.fd(), into, size, at_);
    if (got == 0 && begins_anew()) {
      *into = '\n';  // what was half a line stays alone
      return {1, false};
    }
    if (got < 0) warnings_.trouble(0, 0, "the log cannot be read: " + std::generic_category().message(errno));
    if (got <= 0) return {};
    warnings_.over(0);
    at_ += got;
    return {static_cast<std::size_t>(got), false};
  }

  std::vector<std::string> take_warnings() override { return warnings_.take(); }

 private:
  // The file was cut, or another has its name: then that is read from its beginning.
  bool begins_anew() {
    struct stat ours {
    }, named{};
    if (::fstat(log_.fd(), &ours) != 0) return false;
    if (ours.st_size < at_) {
      warnings_.say("the log was cut: it is read from its beginning");
      at_ = 0;
      return true;
    }
    if (::stat(path_.c_str(), &named) != 0 || (named.st_dev == ours.st_dev && named.st_ino == ours.st_ino))
      return false;
    Descriptor log(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!log) return false;
    log_ = std::move(log);
    warnings_.say("the log was replaced: the new one is read");
    at_ = 0;
    return true;
  }

  std::string path_;
  Descriptor log_;
  off_t at_;
  Warnings warnings_;
};

std::string bytes_at(int fd, off_t at, off_t size) {
  std::string bytes(static_cast<std::size_t>(size), '\0');
  const ssize_t got = ::pread(fd, bytes.data(), bytes.size(), at);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

}  // namespace

Result<std::unique_ptr<PowerReader>> open_csv(const MeterAddress& meter, double rate_hz,
                                              Nanoseconds patience) {
  const std::string& path = meter.place;
  const std::string address = "csv:" + printable(path);
  if (path.empty()) return fail(Failure::input, "no file", "csv:", "write csv:FILE");
  Descriptor log(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!log) return fail_errno(Failure::not_possible, "the log cannot be read", errno, address);
  struct stat status {};
  if (::fstat(log.fd(), &status) != 0 || !S_ISREG(status.st_mode))
    return fail(Failure::not_possible, "it is no regular file", address,
                "of a pipe or a device: exec:cat " + shell_quoted(path));
  const off_t begin = std::max<off_t>(0, status.st_size - kTail);
  const std::string head = bytes_at(log.fd(), 0, std::min(kHead, status.st_size));
  const std::string tail = bytes_at(log.fd(), begin, status.st_size - begin);
  const off_t end = begin + static_cast<off_t>(tail.size());
  auto reader = std::make_unique<MeterReader>("csv", address, rate_hz, meter.mark,
                                              std::make_unique<LogInput>(path, std::move(log), end));
  reader->take_log(head,
                   begin == 0 ? std::string_view(tail) : std::string_view(tail).substr(tail.find('\n') + 1));
  if (const Result<> row = reader->wait_for_row(patience); !row) return pass_on(row);
  return reader;
}

namespace {

Result<std::unique_ptr<PowerReader>> open_csv_source(const std::string& address, const PowerRequest&,
                                                     double rate_hz, Nanoseconds patience) {
  const Result<MeterAddress> meter = meter_address(path_in(address, ""));
  return meter ? open_csv(*meter, rate_hz, patience) : pass_on(meter);
}

}  // namespace

constinit const PowerKind kCsvPower = {"csv",
                                       "any other meter: a log that another program appends such lines to",
                                       "csv:FILE[?decimal=comma]",
                                       10,
                                       always_usable,
                                       open_csv_source,
                                       no_advice,
                                       PowerKind::Chosen::by_address};

}  // namespace pw
