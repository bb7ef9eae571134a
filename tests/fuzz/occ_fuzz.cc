// SPDX-License-Identifier: GPL-3.0-or-later
// clang++ -fsanitize=fuzzer,address: two OCC blocks into which bytes are poked while they are read. The input
// is pokes: a region, an offset in it (2 bytes), a length, and so many bytes.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "power/occ/occ.h"
#include "power/occ/test_occ.h"
#include "promises.h"

namespace {

struct Region {
  std::size_t at, size;
};
constexpr Region kRegions[] = {{0, 24},       {0x400, 3 * 48},   {0xDC00, 200},  {0x18C00, 200},
                               {0x25800, 24}, {0x25C00, 2 * 48}, {0x33400, 200}, {0, 2 * 0x25800}};

class Pokes {
 public:
  Pokes(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}
  bool next(int fd) {
    if (left_ < 4) return false;
    const Region& region = kRegions[data_[0] % std::size(kRegions)];
    const std::size_t at = region.at + (data_[1] << 8 | data_[2]) * 5 % region.size;
    const std::size_t size = std::min<std::size_t>(data_[3] % 64, left_ - 4);
    pw::test::promise(::pwrite(fd, data_ + 4, size, static_cast<off_t>(at)) >= 0, "pwrite");
    reads_ = data_[0] >= 128;
    data_ += 4 + size;
    left_ -= 4 + size;
    return true;
  }
  bool reads() const { return reads_; }

 private:
  const std::uint8_t* data_;
  std::size_t left_;
  bool reads_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int fd = ::memfd_create("occ", MFD_CLOEXEC);
  static const std::string path = "/proc/self/fd/" + std::to_string(fd);
  pw::test::OccChip first(path, 0), second(path, 1);
  const auto watts = [](std::size_t, double) { return 200.0; };
  first.run(0.002, watts);
  second.run(0.002, watts);
  auto reader = pw::open_occ(path, 10);
  pw::test::promise(reader.has_value(), "a sound OCC is opened");
  std::map<int, double> joules;
  for (Pokes pokes(data, size); pokes.next(fd);) {
    if (!pokes.reads()) continue;
    pw::test::read_and_check(**reader, joules);
    first.run(0.002, watts);
    pw::test::read_and_check(**reader, joules);
  }
  if (const auto anew = pw::open_occ(path, 10)) {
    joules.clear();
    pw::test::read_and_check(**anew, joules);
    pw::test::promise_printable((*anew)->left_out());
  }
  return 0;
}
