// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/redfish/reader.h"

#include <fmt/format.h>

#include <map>
#include <optional>
#include <utility>

#include "base/text.h"
#include "os/clock.h"
#include "power/reader/reading.h"

namespace pw {
namespace {

constexpr double kFastestRedfishHz = 2;
// Warnings::trouble of an answer that holds no watts; others are told by what HTTP said.
enum WattsTrouble : long { kNull = 1, kNoWatts, kNoJson };

long code_of(const HttpAnswer& answer) {
  return answer.ok() ? kNoJson : 1000 * (1 + static_cast<long>(answer.trouble)) + answer.status;
}

}  // namespace

RedfishReader::RedfishReader(RedfishAddress address, std::unique_ptr<RedfishSession> session,
                             RedfishFound found, double rate_hz)
    : address_(std::move(address)),
      session_(std::move(session)),
      found_(std::move(found)),
      rate_hz_(rate_hz) {
  if (rate_hz_ > kFastestRedfishHz) {
    warnings_.say(fmt::format("read {} times a second: a BMC's web service is slow", kFastestRedfishHz));
    rate_hz_ = kFastestRedfishHz;
  }
  if (address_.insecure) warnings_.say("the BMC's certificate is not verified (insecure=1)");
  for (std::string& note : found_.notes) warnings_.say(std::move(note));
  due_.resize(found_.channels.size());
  if (!found_.history.channels.empty()) history_.emplace(*session_, found_.history);
}

PowerSource RedfishReader::describe() const {
  PowerSource source = power_source(
      "redfish",
      shown_address(address_) + (address_.insecure ? "&" : "?") + "chassis=" + printable(found_.chassis),
      rate_hz_);
  source.simulated = address_.simulated;
  return source;
}

std::vector<Channel> RedfishReader::channels() const {
  std::vector<Channel> channels;
  for (const RedfishChannel& each : found_.channels) channels.push_back(each.channel);
  if (history_) channels.insert(channels.end(), history_->channels().begin(), history_->channels().end());
  return channels;
}

void RedfishReader::read_into(std::vector<PowerSample>& samples) {
  std::map<std::string, Asked> asked;  // the channels of one resource share its answer
  for (std::size_t i = 0; i < found_.channels.size(); ++i)
    if (found_.channels[i].resource != RedfishResource::component) read_channel(i, asked, samples);
  if (const auto component = component_due()) {
    due_[*component] = session_->now() + found_.channels[*component].channel.refresh;
    read_channel(*component, asked, samples);
  }
  if (history_) history_->read_into(static_cast<int>(found_.channels.size()), samples, warnings_);
}

void RedfishReader::read_channel(std::size_t i, std::map<std::string, Asked>& asked,
                                 std::vector<PowerSample>& samples) {
  const RedfishChannel& channel = found_.channels[i];
  auto [at, is_new] = asked.try_emplace(channel.path);
  if (is_new) ask(channel.path, i, at->second);
  PowerSample sample = at->second.blank;
  sample.channel = static_cast<int>(i);
  if (at->second.answer) take(watts_of(channel, *at->second.answer), i, sample);
  samples.push_back(sample);
}

// The one that waits for longest, if any is to be read again.
std::optional<std::size_t> RedfishReader::component_due() const {
  std::optional<std::size_t> first;
  for (std::size_t i = 0; i < due_.size(); ++i)
    if (found_.channels[i].resource == RedfishResource::component && (!first || due_[i] < due_[*first]))
      first = i;
  return first && due_[*first] <= session_->now() ? first : std::nullopt;
}

void RedfishReader::ask(const std::string& path, std::size_t channel, Asked& asked) {
  const Nanoseconds begin = monotonic_now();
  const Nanoseconds sent = session_->now();
  asked.answer = session_->object(path);
  stamp(asked.blank, begin, monotonic_now());
  if (history_) history_->heard(sent, warnings_);
  if (asked.answer) return;
  const HttpAnswer& last = session_->last();
  asked.blank.status = last.ok() ? SampleStatus::error : status_of(last);
  warnings_.trouble(channel, code_of(last), last.what);
}

void RedfishReader::take(const RedfishWatts& watts, std::size_t channel, PowerSample& sample) {
  if (watts.watts) {
    sample.watts = Watts{*watts.watts};
    warnings_.over(channel);
    return;
  }
  sample.status = watts.present ? SampleStatus::inactive : SampleStatus::error;
  const std::string of = channel == 0 ? "" : found_.channels[channel].channel.name + ": ";
  warnings_.trouble(channel, watts.present ? kNull : kNoWatts,
                    of + (watts.present ? "the BMC's reading is null, or no number of watts"
                                        : "the BMC's answer has no watts"));
}

}  // namespace pw
