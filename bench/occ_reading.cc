// SPDX-License-Identifier: GPL-3.0-or-later
// bench-occ-reading FILE ROUNDS: one reading of an OCC's power sensors in FILE (on tmpfs), renewed before
// each, against other ways to read them, in an order that turns. The block is that of a master OCC: 336
// sensors, of which 22 measure power; and a second chip with 5.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <functional>

#include "measure.h"
#include "power/occ/occ.h"
#include "power/occ/test_occ.h"

namespace pw::bench {
namespace {

constexpr std::size_t kSensors = 336, kChips = 2, kNames = 0x400, kPing = 0xDC00, kPong = 0x18C00;

std::vector<std::string> names_of(bool master, std::size_t before) {
  std::vector<std::string> names;
  const auto fill = [&](std::size_t count) {
    while (names.size() < count) names.push_back(fmt::format("TEMPPROCTHRMC{}", names.size() % 24));
  };
  fill(before);
  if (master) names.insert(names.end(), {"PWRSYS"});
  for (int i = 0; master && i < 16; ++i) names.push_back(fmt::format("PWRAPSSCH{}", i));
  names.insert(names.end(), {"PWRPROC", "PWRMEM", "PWRGPU", "PWRVDD", "PWRVDN"});
  fill(kSensors);
  return names;
}

// Writes a chip's power records anew, 40 ms later at 100 W, into the buffer that is the older one.
class Renewal {
 public:
  Renewal(int fd, std::size_t chip, std::size_t before, std::size_t sensors)
      : fd_(fd), base_(chip * occ::kBlockSize), from_(8 + 48 * before), records_(48 * sensors) {}

  void renew() {
    older_ = kPing + kPong - older_;
    for (std::size_t at = 0; at < records_.size(); at += 48) {
      test::put(records_, at, 0x100 + from_ / 48 + at / 48, 2);
      test::put(records_, at + 2, (count_ + 5000) * 20'480'000, 8);
      test::put(records_, at + 28, count_ * 8000, 8);
      test::put(records_, at + 36, count_ * 80, 4);
    }
    ++count_;
    if (::pwrite(fd_, records_.data(), records_.size(), static_cast<off_t>(base_ + older_ + from_)) < 0)
      std::abort();
  }

 private:
  int fd_;
  std::size_t base_, from_;
  std::vector<std::uint8_t> records_;
  std::size_t older_ = kPing;
  std::uint64_t count_ = 1;
};

std::vector<char> buffer(occ::kBlockSize);
std::size_t found = 0;  // so that no comparison is left out

// As libvariorum reads a sample: all of it anew, and every name compared with the four that are wanted.
void variorum_way(const std::string& path) {
  for (std::size_t chip = 0; chip < kChips; ++chip) {
    const int fd = ::open(path.c_str(), O_RDONLY);
    if (::pread(fd, buffer.data(), occ::kBlockSize, static_cast<off_t>(chip * occ::kBlockSize)) < 0)
      std::abort();
    ::close(fd);
    for (std::size_t i = 0; i < kSensors; ++i)
      for (const char* name : {"PWRSYS", "PWRPROC", "PWRMEM", "PWRGPU"})
        found += std::strcmp(&buffer[kNames + i * occ::kNameSize], name) == 0;
  }
}

// As PAPI does: ping and pong as one, from a file that stays open.
void papi_way(int fd) {
  constexpr std::size_t size = occ::kBlockSize - kPing;
  for (std::size_t chip = 0; chip < kChips; ++chip)
    if (::pread(fd, buffer.data(), size, static_cast<off_t>(chip * occ::kBlockSize + kPing)) < 0)
      std::abort();
}

// One record and the valid bytes of both buffers: as little as shows which is the newer.
void least(int fd, std::size_t record) {
  for (std::size_t chip = 0; chip < kChips; ++chip)
    for (const std::size_t at : {kPing, kPong}) {
      const auto base = static_cast<off_t>(chip * occ::kBlockSize + at);
      if (::pread(fd, buffer.data(), 48, base + static_cast<off_t>(record)) < 0) std::abort();
      if (::pread(fd, buffer.data() + 48, 8, base) < 0) std::abort();
    }
}

void compare(const std::string& path, int rounds, std::size_t before, const char* where) {
  ::unlink(path.c_str());
  test::OccChip master(path, 0, 0, names_of(true, before)), other(path, 1, 0, names_of(false, before));
  master.write();
  other.write();
  const int fd = ::open(path.c_str(), O_RDWR);
  std::array chips = {Renewal(fd, 0, before, 22), Renewal(fd, 1, before, 5)};
  const auto renew = [&] {
    for (Renewal& chip : chips) chip.renew();
  };
  renew();
  renew();
  auto reader = open_occ(path, 25);
  if (!reader) std::abort();
  Joules energy;
  std::vector<PowerSample> samples;
  struct Way {
    std::string name;
    std::function<void()> read;
    std::vector<double> ns = {};
  };
  std::vector<Way> ways = {
      {"bare preads, 2 x (48 + 8) B, nothing done with them", [&] { least(fd, 8 + 48 * before); }},
      {fmt::format("perfwatt, all {} channels as energy", (*reader)->channels().size()),
       [&] {
         samples.clear();
         (*reader)->read_into(samples);
         energy += *samples[0].joules;
       }},
      {"PAPI's way: 84 kB of ping and pong copied", [&] { papi_way(fd); }},
      {"Variorum's way: open, 150 kB, 336 x 4 strcmp", [&] { variorum_way(path); }}};
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < ways.size(); ++i) {
      renew();
      Way& way = ways[(i + static_cast<std::size_t>(round)) % ways.size()];
      const auto begin = ns_of(CLOCK_MONOTONIC);
      way.read();
      way.ns.push_back(static_cast<double>(ns_of(CLOCK_MONOTONIC) - begin) / kChips);
      (*reader)->read();  // so that its next reading, too, finds one renewal
    }
  }
  fmt::print("power records {}:\n", where);
  const double bare = quantile(ways[0].ns, 0.5);
  for (const Way& way : ways)
    fmt::print("{:8.2f} us/chip {:7.2f} x  {}\n", quantile(way.ns, 0.5) / 1e3, quantile(way.ns, 0.5) / bare,
               way.name);
  if (found == 0 || energy.value <= 0) std::abort();
  ::close(fd);
  ::unlink(path.c_str());
}

}  // namespace
}  // namespace pw::bench

int main(int argc, char** argv) {
  const int rounds = argc == 3 ? std::atoi(argv[2]) : 0;
  if (rounds < 1) return 2;
  pw::bench::compare(argv[1], rounds, 0, "first in their buffer");
  pw::bench::compare(argv[1], rounds, 150, "in the middle of it");
}
