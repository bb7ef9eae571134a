// SPDX-License-Identifier: GPL-3.0-or-later
// clang++ -fsanitize=fuzzer,address: a block of samples of one to four channels and 1 to 256 samples of each,
// as the first two bytes say, that a recording from a stranger may have.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "model/samples.h"
#include "promises.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  const auto number = [&](std::size_t at) {
    return at < size ? static_cast<unsigned char>(input[at]) : std::size_t{0};
  };
  const int channels = static_cast<int>(number(0) % 4) + 1;
  const std::size_t count = number(1) + 1;
  const std::string bytes = input.substr(std::min<std::size_t>(size, 2));
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
