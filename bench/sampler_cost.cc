// SPDX-License-Identifier: GPL-3.0-or-later
// bench-sampler-cost FILE ROUNDS SECONDS: the thread that reads one energy counter (FILE, on tmpfs) at 1 kHz,
// against a bare loop of clock_nanosleep and pread, in turns of 1 s; then SECONDS of the sampler alone, for
// its drift.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <string>
#include <thread>

#include "measure.h"
#include "power/sampling/sampler.h"
#include "power/sysfs/sysfs_reader.h"

namespace pw::bench {
namespace {

constexpr std::int64_t kPeriod = 1'000'000;  // ns
constexpr double kTurn = 1;                  // s: the host is not as fast from one second to the next

struct Turn {
  std::vector<std::int64_t> late;  // ns, of each reading
  double cpu_us = 0;               // of a reading
  std::int64_t missed = 0;
};

Turn bare_loop(const char* file, double seconds) {
  Turn turn;
  turn.late.reserve(static_cast<std::size_t>(seconds * 1000) + 1);
  const int fd = ::open(file, O_RDONLY);
  std::thread([&] {
    const std::int64_t cpu = ns_of(CLOCK_THREAD_CPUTIME_ID), first = ns_of(CLOCK_MONOTONIC);
    const std::int64_t end = first + static_cast<std::int64_t>(seconds * 1e9);
    std::array<char, 32> text;
    for (std::int64_t next = first; next < end;) {
      const timespec at = {next / 1'000'000'000, next % 1'000'000'000};
      clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, nullptr);
      turn.late.push_back(ns_of(CLOCK_MONOTONIC) - next);
      if (::pread(fd, text.data(), text.size(), 0) < 0) std::abort();
      next += kPeriod * std::max<std::int64_t>(1, (ns_of(CLOCK_MONOTONIC) - next + kPeriod) / kPeriod);
    }
    turn.cpu_us = static_cast<double>(ns_of(CLOCK_THREAD_CPUTIME_ID) - cpu) / 1e3 /
                  static_cast<double>(turn.late.size());
  }).join();
  ::close(fd);
  return turn;
}

// Renews the counter 1,000 times a second, as RAPL does.
class Counter {
 public:
  explicit Counter(const char* file)
      : fd_(::open(file, O_RDWR | O_CREAT, 0600)), thread_([this] { run(); }) {}
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;
  ~Counter() {
    done_ = true;
    thread_.join();
    ::close(fd_);
  }

 private:
  void run() {
    for (std::int64_t value = 123'456'789'012; !done_; value += 100'000) {
      const std::string text = fmt::format("{}\n", value);
      if (::pwrite(fd_, text.data(), text.size(), 0) < 0) std::abort();
      ::usleep(1000);
    }
  }

  int fd_;
  std::atomic<bool> done_ = false;
  std::thread thread_;
};

std::unique_ptr<PowerReader> reader_of(const char* file) {
  PowerSource source;
  source.name = "bench";
  source.rate_hz = 1e9 / kPeriod;
  SysfsSensor sensor;
  sensor.channel.kind = ChannelKind::accumulating;
  sensor.file = file;
  return std::make_unique<SysfsReader>(source, std::vector{sensor});
}

// Lateness counts from the first reading's begin, which is at its deadline.
Turn sampler(const char* file, double seconds) {
  std::vector<std::unique_ptr<PowerReader>> readers;
  readers.push_back(reader_of(file));
  Sampler sampler(std::move(readers));
  std::vector<PowerSample> samples;
  // Drained twice a second, as a run does.
  const std::int64_t end = ns_of(CLOCK_MONOTONIC) + static_cast<std::int64_t>(seconds * 1e9);
  while (ns_of(CLOCK_MONOTONIC) < end) {
    ::usleep(
        static_cast<useconds_t>(std::min<std::int64_t>(500'000, (end - ns_of(CLOCK_MONOTONIC)) / 1000 + 1)));
    sampler.drain(samples);
  }
  const PowerSource source = sampler.stop().at(0);
  sampler.drain(samples);
  Turn turn;
  const auto begin_of = [](const PowerSample& sample) { return (sample.time - sample.read / 2).value; };
  for (const PowerSample& sample : samples)
    turn.late.push_back((begin_of(sample) - begin_of(samples[0])) % kPeriod);
  turn.cpu_us = source.cpu.value * 1e6 / static_cast<double>(source.reads);
  turn.missed = source.missed;
  return turn;
}

void print(const char* name, const std::vector<double>& cpu, const std::vector<std::int64_t>& late,
           double base) {
  fmt::print("{:8.2f} us CPU a reading {:6.2f} x  late p50 {:5.0f} us, p99 {:5.0f} us  {}\n",
             quantile(cpu, 0.5), quantile(cpu, 0.5) / base, static_cast<double>(quantile(late, 0.5)) / 1e3,
             static_cast<double>(quantile(late, 0.99)) / 1e3, name);
}

void compare(const char* file, int rounds) {
  std::vector<double> bare_cpu, our_cpu, ratios;
  std::vector<std::int64_t> bare_late, our_late;
  for (int round = 0; round < rounds; ++round) {
    Turn bare, ours;
    if (round % 2 == 0) bare = bare_loop(file, kTurn);
    ours = sampler(file, kTurn);
    if (round % 2 == 1) bare = bare_loop(file, kTurn);
    bare_cpu.push_back(bare.cpu_us);
    our_cpu.push_back(ours.cpu_us);
    ratios.push_back(ours.cpu_us / bare.cpu_us);
    bare_late.insert(bare_late.end(), bare.late.begin(), bare.late.end());
    our_late.insert(our_late.end(), ours.late.begin(), ours.late.end());
  }
  print("bare clock_nanosleep + pread", bare_cpu, bare_late, quantile(bare_cpu, 0.5));
  print("perfwatt's sampler", our_cpu, our_late, quantile(bare_cpu, 0.5));
  fmt::print("{:8.2f} x  median of the rounds' own ratios (of {} rounds)\n", quantile(ratios, 0.5), rounds);
}

void drift(const char* file, double seconds) {
  const Turn turn = sampler(file, seconds);
  const auto middle = [&](auto begin) {
    return static_cast<double>(quantile(std::vector(begin, begin + 1000), 0.5)) / 1e3;
  };
  fmt::print(
      "{} readings and {} missed in {} s; their median lateness {:.0f} us in the first second, {:.0f} us in "
      "the last\n",
      turn.late.size(), turn.missed, seconds, middle(turn.late.begin()), middle(turn.late.end() - 1000));
}

}  // namespace
}  // namespace pw::bench

int main(int argc, char** argv) {
  const int rounds = argc == 4 ? std::atoi(argv[2]) : 0;
  const double seconds = argc == 4 ? std::atof(argv[3]) : 0;
  if (rounds < 1 || seconds < 2) return 2;
  {
    const pw::bench::Counter counter(argv[1]);
    ::usleep(10'000);
    pw::bench::compare(argv[1], rounds);
    pw::bench::drift(argv[1], seconds);
  }
  ::unlink(argv[1]);
}
