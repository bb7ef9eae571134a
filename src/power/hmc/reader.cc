// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/hmc/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/text.h"
#include "os/clock.h"
#include "power/http/status.h"
#include "power/reader/no_value.h"
#include "power/reader/reading.h"

namespace pw {
namespace {

constexpr double kFastestHz = 1;
constexpr int kBinsBefore = 2;        // that a counter begins with, so that it runs when the tests begin
constexpr Watts kRounding{0.5};       // the means of those consoles whose answers are public are whole watts
constexpr double kClockDiffers = 2;   // s, that is worth saying
constexpr int kSilentBins = 6;        // no new mean for so long is said
constexpr std::int64_t kToCome = 60;  // s
enum Trouble : long { kSilent = 1, kPartial, kNoWatts };
constexpr std::size_t kSilence = 3, kEnergy = 4;  // parts of the source, after the feeds

long code_of(const HttpAnswer& answer) {
  return answer.ok() ? 1 : 1000 * (1 + static_cast<long>(answer.trouble)) + answer.status;
}

constexpr const char* kFeedNames[] = {"power", "use of the server", "use of this partition"};

}  // namespace

HmcReader::HmcReader(HmcAddress address, std::unique_ptr<HmcSession> session, HmcFound found,
                     Nanoseconds length, double rate_hz)
    : address_(std::move(address)),
      session_(std::move(session)),
      found_(std::move(found)),
      rate_hz_(std::min(rate_hz, kFastestHz)),
      channel_(bin_channel("server", std::string(kWholeMachine), length)),
      begin_(session_->now() - length * kBinsBefore),
      bins_(!found_.partition.empty()) {
  channel_.meter = kMeterBmc;
  channel_.sample_error = kRounding;
  channel_.device = "/rest/api/pcm/ManagedSystem/" + found_.system + "/ProcessedMetrics?Type=Energy";
  if (address_.insecure) warnings_.say("the HMC's certificate is not verified (insecure=1)");
  for (std::string& note : found_.notes) warnings_.say(std::move(note));
  note_clock();
}

PowerSource HmcReader::describe() const {
  HmcAddress address = address_;
  address.system = printable(found_.system_name);
  PowerSource source = power_source("hmc", shown_address(address), rate_hz_);
  source.simulated = address_.simulated;
  return source;
}

void HmcReader::note_clock() {
  if (!session_->clock().known()) return;
  const Nanoseconds now = session_->now();
  const double ahead = static_cast<double>(session_->clock().unix_s(now)) - wall_clock_unix_s();
  if (std::abs(ahead) > kClockDiffers)
    warnings_.say(
        fmt::format("the HMC's clock is {:.0f} s {} this machine's: its times are corrected by that",
                    std::abs(ahead), ahead > 0 ? "ahead of" : "behind"));
}

// All that came since, and one for what came meanwhile.
std::int64_t HmcReader::count_of(HmcFeed feed) {
  const auto latest = bins_.latest(feed);
  if (!latest) return kKept;
  const std::int64_t since = session_->clock().unix_s(session_->now()) - *latest;
  const std::int64_t length = std::max<std::int64_t>(channel_.refresh.value / 1'000'000'000, 1);
  return std::clamp<std::int64_t>(since / length + 2, 1, kKept);
}

void HmcReader::read_into(std::vector<PowerSample>& samples) {
  if (!take(HmcFeed::energy, samples)) {
    samples = nothing_read(session_->last());
    return;
  }
  note_silence();
  const auto energy = bins_.latest(HmcFeed::energy);
  for (const HmcFeed feed : {HmcFeed::server, HmcFeed::partition}) {
    const auto latest = bins_.latest(feed);
    const bool wanted = feed == HmcFeed::server || !found_.partition.empty();
    if (wanted && energy && (!latest || *latest < *energy)) take(feed, samples);
  }
}

void HmcReader::note_silence() {
  const HmcClock& clock = session_->clock();
  const Nanoseconds since = bins_.latest(HmcFeed::energy) ? clock.at(*bins_.latest(HmcFeed::energy)) : begin_;
  const Nanoseconds silence = channel_.refresh * kSilentBins;
  if (session_->now() - since < silence) return warnings_.over(kSilence);
  warnings_.trouble(kSilence, kSilent,
                    fmt::format("no new mean power for more than {:.0f} s", to_seconds(silence).value));
}

// Whether it was told.
bool HmcReader::take(HmcFeed feed, std::vector<PowerSample>& samples) {
  const auto part = static_cast<std::size_t>(feed);
  auto told = latest_samples(*session_, found_, feed, count_of(feed));
  if (session_->clock().take_jump()) {
    warnings_.say("the HMC's clock was set");
    note_clock();
  }
  if (!told) {
    const HttpAnswer& last = session_->last();
    const std::string right =
        last.status == 403 ? " (data collection is off, or this user may not read it)" : "";
    warnings_.trouble(part, code_of(last), fmt::format("{}: {}{}", kFeedNames[part], last.what, right));
    return false;
  }
  warnings_.over(part);
  // A time to come would hide all that is told until then.
  const std::int64_t to_come = session_->clock().unix_s(session_->now()) + kToCome;
  for (HmcSample& sample : *told) {
    if (sample.stamp > to_come) continue;
    if (feed == HmcFeed::energy) take_energy(sample, samples);
    bins_.take(feed, sample);
  }
  return true;
}

void HmcReader::take_energy(HmcSample& sample, std::vector<PowerSample>& samples) {
  const auto latest = bins_.latest(HmcFeed::energy);
  if ((latest && sample.stamp <= *latest) || !session_->clock().known()) return;
  std::string why = !sample.whole   ? "the HMC calls it failed or partial"
                    : !sample.watts ? "it has no watts"
                                    : "";
  if (why.empty() && sample.watts->value == 0) why = "0 W means no value";
  if (why.empty()) why = why_no_value("hmc", channel_, *sample.watts);
  if (why.empty())
    warnings_.over(kEnergy);
  else
    warnings_.trouble(kEnergy, sample.whole ? kNoWatts : kPartial,
                      fmt::format("a mean of {} s is left out: {}", sample.seconds, why));
  if (!why.empty()) sample.watts.reset();
  const HmcClock& clock = session_->clock();
  PowerBin bin{clock.at(sample.stamp - sample.seconds), clock.at(sample.stamp), sample.watts};
  bin.doubt = clock.doubt();
  bin.stamp = sample.stamp;
  if (bin.end > begin_) counter_.take(bin, samples);
}

// At the end of what is known: the next means are of times from there on.
std::vector<PowerSample> HmcReader::nothing_read(const HttpAnswer& answer) const {
  PowerSample sample;
  sample.time = counter_.last().value_or(session_->now());
  sample.status = answer.ok() ? SampleStatus::error : status_of(answer);
  return {sample};
}

}  // namespace pw
