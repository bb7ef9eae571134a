// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/redfish.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "os/clock.h"
#include "power/redfish_find.h"
#include "power/redfish_session.h"

namespace pw {
namespace {

constexpr double kFastestRedfishHz = 2;

SampleStatus status_of(const HttpAnswer& answer) {
  switch (answer.trouble) {
    case HttpAnswer::Trouble::timeout:
      return SampleStatus::timeout;
    case HttpAnswer::Trouble::lost:
    case HttpAnswer::Trouble::certificate:
      return SampleStatus::session_lost;
    case HttpAnswer::Trouble::too_large:
      return SampleStatus::error;
    case HttpAnswer::Trouble::none:
      break;
  }
  if (answer.status == 503 || answer.status == 429) return SampleStatus::busy;
  if (answer.status == 401 || answer.status == 403) return SampleStatus::session_lost;
  return SampleStatus::error;
}

class RedfishReader : public PowerReader {
 public:
  RedfishReader(RedfishAddress address, std::unique_ptr<RedfishSession> session, RedfishFound found,
                double rate_hz)
      : address_(std::move(address)),
        session_(std::move(session)),
        found_(std::move(found)),
        rate_hz_(rate_hz) {
    if (rate_hz_ > kFastestRedfishHz) {
      warnings_.push_back(
          fmt::format("read {} times a second: a BMC's web service is slow", kFastestRedfishHz));
      rate_hz_ = kFastestRedfishHz;
    }
    if (address_.insecure) warnings_.emplace_back("the BMC's certificate is not verified (insecure=1)");
    std::move(found_.notes.begin(), found_.notes.end(), std::back_inserter(warnings_));
  }

  PowerSource describe() const override {
    PowerSource source;
    source.name = "redfish";
    source.address =
        shown_address(address_) + (address_.insecure ? "&" : "?") + "chassis=" + printable(found_.chassis);
    source.simulated = address_.simulated;
    source.rate_hz = rate_hz_;
    return source;
  }

  std::vector<Channel> channels() const override {
    std::vector<Channel> channels;
    for (const RedfishChannel& each : found_.channels) channels.push_back(each.channel);
    return channels;
  }

  void read_into(std::vector<PowerSample>& samples) override {
    std::map<std::string, Asked> asked;  // the channels of one resource share its answer
    for (const RedfishChannel& channel : found_.channels) {
      auto [at, is_new] = asked.try_emplace(channel.path);
      if (is_new) ask(channel.path, at->second);
      PowerSample sample = at->second.blank;
      sample.channel = static_cast<int>(samples.size());
      if (at->second.answer) take(watts_of(channel, *at->second.answer), sample);
      samples.push_back(sample);
    }
    if (usable(samples.front())) said_.clear();
  }

  std::int64_t reconnects() const override { return session_->reconnects(); }
  std::vector<std::string> take_warnings() override { return std::exchange(warnings_, {}); }

  const HttpAnswer& last() const { return session_->last(); }

 private:
  struct Asked {
    std::optional<Json> answer;
    PowerSample blank;
  };

  void ask(const std::string& path, Asked& asked) {
    const Nanoseconds begin = monotonic_now();
    asked.answer = session_->object(path);
    asked.blank.read = monotonic_now() - begin;
    asked.blank.time = begin + asked.blank.read / 2;
    if (asked.answer) return;
    asked.blank.status = session_->last().ok() ? SampleStatus::error : status_of(session_->last());
    say(session_->last().what);
  }

  void take(const RedfishWatts& watts, PowerSample& sample) {
    if (watts.watts) sample.watts = Watts{*watts.watts};
    if (watts.watts) return;
    sample.status = watts.present ? SampleStatus::inactive : SampleStatus::error;
    say(watts.present ? "the BMC's reading is null, or no number of watts" : "the BMC's answer has no watts");
  }

  // Once, until readings are back.
  void say(const std::string& what) {
    if (said_ == what) return;
    said_ = what;
    warnings_.push_back(what);
  }

  RedfishAddress address_;
  std::unique_ptr<RedfishSession> session_;
  RedfishFound found_;
  double rate_hz_;
  std::vector<std::string> warnings_;
  std::string said_;
};

const char* advice_on(const HttpAnswer& answer) {
  switch (answer.trouble) {
    case HttpAnswer::Trouble::certificate:
      return "name the CA's file: cacert=FILE; or, where nobody else can be on that network, insecure=1";
    case HttpAnswer::Trouble::timeout:
    case HttpAnswer::Trouble::lost:
      return "is that a BMC with Redfish, reachable from here?";
    case HttpAnswer::Trouble::too_large:
      return "is that a Redfish service?";
    case HttpAnswer::Trouble::none:
      break;
  }
  if (answer.status == 401 || answer.status == 403)
    return "check the user and PERFWATT_BMC_PASSWORD or the password file";
  if (answer.status == 503 || answer.status == 429)
    return "the BMC is busy, or has no session left: try again later";
  return "is that a Redfish service?";
}

tl::unexpected<Error> refused(const RedfishAddress& address, const HttpAnswer& answer,
                              const std::string& while_) {
  const bool no_service = answer.ok() || answer.trouble == HttpAnswer::Trouble::too_large;
  return fail(Failure::not_possible, while_ + ": " + (answer.ok() ? "no Redfish answer" : answer.what),
              shown_address(address), no_service ? "is that a Redfish service?" : advice_on(answer));
}

bool may_pass(const HttpAnswer& answer) {
  return answer.trouble == HttpAnswer::Trouble::timeout || answer.status == 503 || answer.status == 429;
}

}  // namespace

Result<std::unique_ptr<PowerReader>> open_redfish(const RedfishAddress& address, const std::string& password,
                                                  double rate_hz, bool& transient) {
  transient = false;
  Result<std::unique_ptr<RedfishHttp>> http = RedfishHttp::make(address);
  if (!http) return pass_on(http);
  auto session = std::make_unique<RedfishSession>(std::move(*http), address, password);
  if (!session->log_in()) {
    transient = may_pass(session->last());
    return refused(address, session->last(), "the BMC cannot be logged in to");
  }
  Result<RedfishFound> found = find_redfish_power(*session, address);
  if (!found) {
    transient = may_pass(session->last());
    Error error = found.error();
    error.where = shown_address(address);
    if (error.hint.empty()) error.hint = advice_on(session->last());
    return tl::unexpected(std::move(error));
  }
  return std::make_unique<RedfishReader>(address, std::move(session), std::move(*found), rate_hz);
}

}  // namespace pw
