// SPDX-License-Identifier: GPL-3.0-or-later
// clang++ -fsanitize=fuzzer,address: any bytes of a meter's program, in pieces, while time goes on and this
// machine's clock is set. Times rise, values are possible ones, energy never falls, and what is said of it
// can be shown on a terminal.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "base/text.h"
#include "power/meter/reader.h"

namespace {

void check(bool promise) {
  if (!promise) std::abort();
}

double now_s, set_s;
pw::HostClocks clocks() { return {pw::to_nanoseconds({now_s}), 1.7e9 + now_s + set_s}; }

class Pieces : public pw::MeterInput {
 public:
  Pieces(const std::uint8_t* data, std::size_t size) : data_(data), left_(size) {}
  Came read(char* into, std::size_t size, pw::Nanoseconds) override {
    const std::size_t piece = std::min({size, left_, left_ == 0 ? 0 : 1 + std::size_t{data_[0]}});
    now_s += left_ == 0 ? 1 : data_[0] / 64.0;
    if (piece > 0 && data_[0] == 255) set_s = set_s == 0 ? -3600 : 0;
    std::memcpy(into, data_, piece);
    data_ += piece;
    left_ -= piece;
    return {piece, false};
  }
  bool ended() const override { return left_ == 0; }

 private:
  const std::uint8_t* data_;
  std::size_t left_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  now_s = 100;
  set_s = 0;
  pw::MeterReader reader("exec", "exec:fuzz", 10, pw::DecimalMark::point,
                         std::make_unique<Pieces>(data, size), clocks);
  if (!reader.wait_for_row({})) return 0;
  const std::size_t channels = reader.channels().size();
  check(channels > 0 && channels <= 64);
  std::vector<double> joules(channels);
  std::int64_t last = 0;
  for (int i = 0; i < 200; ++i) {
    for (const pw::PowerSample& sample : reader.read()) {
      check(static_cast<std::size_t>(sample.channel) < channels);
      if (sample.watts) check(sample.watts->value >= 0 && sample.watts->value <= 1e7);
      if (pw::usable(sample)) check(sample.time.value >= last);
      if (pw::usable(sample)) last = sample.time.value;
      if (!sample.joules) continue;
      check(std::isfinite(sample.joules->value) &&
            sample.joules->value >= joules[static_cast<std::size_t>(sample.channel)]);
      joules[static_cast<std::size_t>(sample.channel)] = sample.joules->value;
    }
    for (const std::string& warning : reader.take_warnings()) check(pw::printable(warning) == warning);
  }
  return 0;
}
