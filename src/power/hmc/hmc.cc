// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/hmc/hmc.h"

#include <utility>

#include "os/clock.h"
#include "power/hmc/feeds.h"
#include "power/hmc/find.h"
#include "power/hmc/partition.h"
#include "power/hmc/reader.h"
#include "power/hmc/session.h"
#include "power/http/curl_http.h"
#include "power/http/pin.h"
#include "power/http/status.h"
#include "power/reader/password.h"
#include "power/reader/patience.h"

namespace pw {
namespace {

constexpr std::size_t kMostBytes = 32 << 20;  // 2 h of a server with many adapters
constexpr const char* kOlderPort = ":12443";  // of REST up to HMC V10R3 (IBM APAR IJ56446); 443 from V11 on

const char* advice_on(const HttpAnswer& answer) {
  switch (answer.trouble) {
    case HttpAnswer::Trouble::certificate:
      return "pin its key: fingerprint=SHA256 (docs/power-sources.md says how to see it), or name the CA's "
             "file: "
             "cacert=FILE; or, where nobody else can be on that network, insecure=1";
    case HttpAnswer::Trouble::timeout:
    case HttpAnswer::Trouble::lost:
      return "is that an HMC, reachable from here? Its REST interface is at port 443 (V11 on) or 12443";
    case HttpAnswer::Trouble::too_large:
      return "is that an HMC?";
    case HttpAnswer::Trouble::none:
      break;
  }
  if (answer.status == 401 || answer.status == 403)
    return "check the user and PERFWATT_BMC_PASSWORD or the password file; the user needs remote access";
  if (answer.status == 503 || answer.status == 429) return "the HMC is busy: try again later";
  return "is that an HMC?";
}

Error with_place(Error error, const HmcAddress& address, const HttpAnswer& last) {
  error.where = shown_address(address);
  if (error.hint.empty()) error.hint = advice_on(last);
  return error;
}

tl::unexpected<Error> refusal(const HmcAddress& address, const HttpAnswer& last, const std::string& what,
                              std::string hint = "") {
  return tl::unexpected(with_place({Failure::not_possible, what, "", std::move(hint)}, address, last));
}

// How long its means are; nothing read: an Error.
Result<Nanoseconds> read_once(HmcSession& session, const HmcFound& found, const HmcAddress& address) {
  const auto samples = latest_samples(session, found, HmcFeed::energy, 1);
  const HttpAnswer& last = session.last();
  if (!samples) return refusal(address, last, "its power cannot be read: " + last.what);
  if (samples->empty())
    return refusal(address, last, "the HMC has no mean power of the last 2 h",
                   "data collection may have been switched on just now: the first comes after some minutes");
  if (!session.clock().known())
    return refusal(address, last, "its answers have no date: the times of its means are unknown",
                   "is that an HMC?");
  return to_nanoseconds({static_cast<double>(samples->back().seconds)});
}

}  // namespace

Result<std::unique_ptr<PowerReader>> open_hmc_over(std::vector<std::unique_ptr<HttpClient>> ways,
                                                   const HmcAddress& address, std::string_view password,
                                                   const std::string& own, double rate_hz, bool& transient,
                                                   Nanoseconds (*now)()) {
  auto session = std::make_unique<HmcSession>(std::move(ways), address.user, password, now);
  const auto done = [&] { transient = may_pass(session->last()); };
  transient = false;
  if (!session->log_on()) {
    done();
    return refusal(address, session->last(), "the HMC cannot be logged on to: " + session->last().what);
  }
  Result<HmcFound> found = find_server(*session, address, own);
  if (!found) {
    done();
    return tl::unexpected(with_place(found.error(), address, session->last()));
  }
  const Result<Nanoseconds> length = read_once(*session, *found, address);
  if (!length) {
    done();
    return pass_on(length);
  }
  return std::make_unique<HmcReader>(address, std::move(session), std::move(*found), *length, rate_hz);
}

namespace {

HttpService http_service(const HmcAddress& address, const char* port) {
  return {.host = address.host + port,
          .cacert = address.cacert,
          .insecure = address.insecure,
          .pin = public_key_pin(address.fingerprint).value_or(""),
          .token_header = "X-API-Session",
          .media = "*/*",
          .dialect = "X-Audit-Memento: perfwatt",
          .most_bytes = kMostBytes};
}

Result<std::vector<std::unique_ptr<HttpClient>>> ways_to(const HmcAddress& address) {
  std::vector<std::unique_ptr<HttpClient>> ways;
  for (const char* port : {"", kOlderPort}) {
    if (*port && address.port_given) break;
    Result<std::unique_ptr<HttpClient>> http = open_curl_http(http_service(address, port));
    if (!http) return pass_on(http);
    ways.push_back(std::move(*http));
  }
  return ways;
}

Result<std::unique_ptr<PowerReader>> open_hmc_source(const std::string& text, const PowerRequest& request,
                                                     double rate_hz, Nanoseconds patience) {
  const Result<HmcAddress> address = parse_hmc(text);
  if (!address) return pass_on(address);
  const Result<Secret> password = bmc_password(request.password_file, shown_address(*address));
  if (!password) return pass_on(password);
  return open_patiently(patience, [&](bool& transient) -> Result<std::unique_ptr<PowerReader>> {
    auto ways = ways_to(*address);
    if (!ways) return pass_on(ways);
    return open_hmc_over(std::move(*ways), *address, password->view(), own_partition(), rate_hz, transient,
                         monotonic_now);
  });
}

PowerAdvice hmc_advice() { return {"sudo apt-get install libcurl4", "sudo apt-get remove libcurl4"}; }

}  // namespace

constinit const PowerKind kHmcPower = {
    "hmc",
    "a PowerVM server's power by its management console (REST), means over 30 s, whole machine",
    "hmc://USER@HMC[:PORT]/SYSTEM?partition=NAME&fingerprint=SHA256",
    0.1,
    libcurl_usable,
    open_hmc_source,
    hmc_advice,
    PowerKind::Chosen::by_address};

}  // namespace pw
