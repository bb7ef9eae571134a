// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "base/units.h"
#include "os/clock.h"
#include "os/secret.h"
#include "power/http/http.h"
#include "power/reader/backoff.h"
#include "power/redfish/address.h"
#include "power/redfish/json.h"

namespace pw {

// A Redfish service that we are logged in to: with a session and its token (DSP0266, "Redfish session login
// authentication"), else with basic authentication. The session is deleted at the end.
class RedfishSession {
 public:
  // `clock`: CLOCK_MONOTONIC.
  RedfishSession(std::unique_ptr<HttpClient> http, RedfishAddress address, std::string_view password,
                 Nanoseconds (*clock)() = monotonic_now)
      : http_(std::move(http)), address_(std::move(address)), password_(password), now_(clock) {}
  RedfishSession(const RedfishSession&) = delete;
  RedfishSession& operator=(const RedfishSession&) = delete;
  ~RedfishSession();

  // The answer that ended it is left in last().
  bool log_in();

  // With one new log-in where the answer is 401: a session ends with its time-out, or with the BMC.
  // Log-ins that fail, or after which it is 401 still, are tried less and less often.
  HttpAnswer get(const std::string& path);

  // get() as an object; nothing where it failed or is none: last() and `what` say why.
  std::optional<Json> object(const std::string& path);

  // Of what may not be there, or not be ours to see: no answer to it ends the session.
  std::optional<Json> object_if_any(const std::string& path);

  // The BMC does not take the password: it is asked nothing more.
  bool refused() const { return refused_; }

  const HttpAnswer& last() const { return last_; }
  Nanoseconds now() const { return now_(); }
  const std::string& chassis_path() const { return chassis_path_; }
  const std::string& managers_path() const { return managers_path_; }
  // Sessions opened again.
  std::int64_t reconnects() const { return log_ins_ > 1 ? log_ins_ - 1 : 0; }

 private:
  bool find_service();
  bool begin();
  bool make_session();
  HttpAnswer ask(const std::string& path);
  HttpAnswer post_session();

  std::unique_ptr<HttpClient> http_;
  RedfishAddress address_;
  Secret password_;
  Nanoseconds (*now_)();
  std::string sessions_path_ = "/redfish/v1/SessionService/Sessions";
  std::string chassis_path_ = "/redfish/v1/Chassis";
  std::string managers_path_ = "/redfish/v1/Managers";
  std::string token_;
  std::string session_path_;  // "": nothing to delete
  bool basic_ = false;
  std::int64_t log_ins_ = 0;
  bool refused_ = false;
  Backoff log_in_again_;
  HttpAnswer last_;
};

}  // namespace pw
