// SPDX-License-Identifier: GPL-3.0-or-later
// clang++ -fsanitize=fuzzer,address: a block of samples of one to four channels and 1 to 256 samples of each,
// as the first two bytes say, that a recording from a stranger may have.
#include <cstdint>
#include <string>
#include <vector>

#include "model/samples.h"
#include "promises.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const int channels = data[0] % 4 + 1;
  const std::size_t count = data[1] + std::size_t{1};
  const std::string bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  auto columns = pw::SampleColumns::of({0, channels, count, {}, bytes});
  if (!columns) return 0;
  pw::Samples samples;
  samples.add(std::move(*columns));
  pw::test::promise(samples.size() == count * static_cast<std::size_t>(channels), "all samples are there");
  const std::vector<pw::PowerSample> all = samples.unpacked();
  pw::test::promise(all.size() == samples.size(), "all samples come");
  pw::Samples again(all);
  again.pack({});
  pw::test::promise(again.size() == all.size(), "all are packed again");
  return 0;
}
