// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/redfish/redfish.h"

#include <utility>

#include "os/clock.h"
#include "power/http/curl_http.h"
#include "power/http/status.h"
#include "power/reader/password.h"
#include "power/reader/patience.h"
#include "power/redfish/find.h"
#include "power/redfish/reader.h"
#include "power/redfish/session.h"

namespace pw {
namespace {

constexpr std::size_t kMostBytes = 1024 * 1024;

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

HttpService http_service(const RedfishAddress& address) {
  return {.host = address.host,
          .cacert = address.cacert,
          .insecure = address.insecure,
          .pin = {},
          .token_header = "X-Auth-Token",
          .media = "application/json",
          .dialect = "OData-Version: 4.0",
          .most_bytes = kMostBytes};
}

}  // namespace

Result<std::unique_ptr<PowerReader>> open_redfish_over(std::unique_ptr<HttpClient> http,
                                                       const RedfishAddress& address,
                                                       std::string_view password, double rate_hz,
                                                       bool& transient, Nanoseconds (*now)()) {
  transient = false;
  auto session = std::make_unique<RedfishSession>(std::move(http), address, password, now);
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

Result<std::unique_ptr<PowerReader>> open_redfish(const RedfishAddress& address, std::string_view password,
                                                  double rate_hz, bool& transient) {
  transient = false;
  Result<std::unique_ptr<HttpClient>> http = open_curl_http(http_service(address));
  if (!http) return pass_on(http);
  return open_redfish_over(std::move(*http), address, password, rate_hz, transient, monotonic_now);
}

namespace {

Result<std::unique_ptr<PowerReader>> open_redfish_source(const std::string& text, const PowerRequest& request,
                                                         double rate_hz, Nanoseconds patience) {
  const Result<RedfishAddress> address = parse_redfish(text);
  if (!address) return pass_on(address);
  const Result<Secret> password = bmc_password(request.password_file, shown_address(*address));
  if (!password) return pass_on(password);
  return open_patiently(patience, [&](bool& transient) {
    return open_redfish(*address, password->view(), rate_hz, transient);
  });
}

PowerAdvice redfish_advice() { return {"sudo apt-get install libcurl4", "sudo apt-get remove libcurl4"}; }

}  // namespace

constinit const PowerKind kRedfishPower = {
    "redfish",
    "the BMC's power reading (Redfish over HTTPS), whole machine, its power supplies and parts",
    "redfish://USER@HOST[:PORT]?chassis=ID&psu=1&sensors=1&cacert=FILE",
    1.0,
    libcurl_usable,
    open_redfish_source,
    redfish_advice,
    PowerKind::Chosen::by_address};

}  // namespace pw
