// SPDX-License-Identifier: GPL-3.0-or-later
// bench-long-recording FILE SECONDS CHANNELS [watts]: what `perfwatt power --record FILE` leaves after
// SECONDS at 1 Hz, without the wait: CHANNELS energy counters with time stamps of their own, or watts that
// are ten readings a second each, committed second by second.
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <random>
#include <string_view>

#include "measure.h"
#include "store/recorder_sink.h"

namespace pw::bench {
namespace {

constexpr double kClockHz = 512e6;

Recording header_of(int channels) {
  Recording header;
  header.version = "bench";
  header.experiment.command = {"(power alone)"};
  header.experiment.tests = 1;
  header.start = {1'000'000'000'000};
  header.start_unix_s = 1.7e9;
  header.passes.resize(1);
  PowerSource source;
  source.name = "occ";
  source.address = "/sys/firmware/opal/exports/occ_inband_sensors";
  source.rate_hz = 1;
  header.sources = {source};
  constexpr Nanoseconds refresh{40'000'000};
  for (int i = 0; i < channels; ++i)
    header.channels.push_back({0, fmt::format("PWR{}", i), ChannelKind::accumulating,
                               i == 0 ? std::string(kWholeMachine) : fmt::format("socket {}", i), 0.0005,
                               refresh, std::string(kMeterOnChip), kClockHz});
  return header;
}

// A load that comes and goes by the hour, with noise.
double watts(int second, int channel, std::mt19937& random) {
  const double load = std::sin(second / 3600.0 + channel) > 0.3 ? 320 : 140;
  return load + std::uniform_real_distribution(-15.0, 15.0)(random);
}

// Ten readings: their mean, in tenths of a watt, and spread.
void make_watts(PowerSample& sample, double mean, std::mt19937& random) {
  sample.watts = Watts{std::round(mean * 10) / 10};
  sample.joules.reset();
  sample.sensor_time.reset();
  sample.readings = 10;
  sample.deviation = std::uniform_real_distribution(1.0F, 9.0F)(random);
  sample.least = static_cast<float>(mean) - 2 * sample.deviation;
  sample.most = static_cast<float>(mean) + 2 * sample.deviation;
}

void record(Sink& sink, const Recording& header, int seconds, bool spread) {
  std::mt19937 random(1);
  std::vector<PowerSample> samples(header.channels.size());
  std::vector<Joules> joules(samples.size());
  for (int second = 0; second < seconds; ++second) {
    const auto late = static_cast<std::int64_t>(random() % 200'000);
    for (std::size_t i = 0; i < samples.size(); ++i) {
      joules[i] += {std::round(watts(second, static_cast<int>(i), random) * 2000) / 2000};
      PowerSample& sample = samples[i];
      sample.channel = static_cast<int>(i);
      sample.time = header.start + Nanoseconds{second * 1'000'000'000LL + late};
      sample.read = {1000 + static_cast<std::int64_t>(random() % 9000)};
      sample.joules = joules[i];
      sample.sensor_time =
          static_cast<std::int64_t>((1e5 + second - 0.001 * static_cast<double>(random() % 40)) * kClockHz);
      if (spread) make_watts(sample, watts(second, static_cast<int>(i), random), random);
    }
    if (!sink.samples(samples)) std::abort();
  }
}

}  // namespace
}  // namespace pw::bench

int main(int argc, char** argv) {
  const bool spread = argc == 5 && std::string_view(argv[4]) == "watts", asked = argc == 4 || spread;
  const int seconds = asked ? std::atoi(argv[2]) : 0, channels = asked ? std::atoi(argv[3]) : 0;
  if (seconds < 4 || channels < 1) return 2;
  auto sink = pw::SqliteSink::create(argv[1], pw::IfExists::replace);
  pw::Recording header = pw::bench::header_of(channels);
  if (spread)
    for (pw::Channel& channel : header.channels) channel.kind = pw::ChannelKind::instantaneous;
  if (!sink || !(*sink)->begin(header)) return 1;
  const std::int64_t begin = pw::bench::ns_of(CLOCK_MONOTONIC);
  pw::bench::record(**sink, header, seconds, spread);
  pw::Execution whole;
  whole.test = 1;
  whole.begin = header.start + pw::Nanoseconds{1'000'000'000};
  whole.end = header.start + pw::Nanoseconds{(seconds - 2) * 1'000'000'000LL};
  std::vector<pw::PowerSource> counted = header.sources;
  counted[0].reads = seconds;
  if (!(*sink)->execution(whole) ||
      !(*sink)->end(pw::Ending::complete, header.start + pw::Nanoseconds{seconds * 1'000'000'000LL}, counted))
    return 1;
  fmt::print("{:.1f}\n",
             static_cast<double>(pw::bench::ns_of(CLOCK_MONOTONIC) - begin) / 1e3 / seconds);  // us a second
}
