// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/units.h"
#include "os/clock.h"
#include "os/secret.h"
#include "power/hmc/clock.h"
#include "power/http/http.h"
#include "power/reader/backoff.h"

namespace pw {

// A console that we are logged on to. The session is ended at the end.
class HmcSession {
 public:
  // `ways` to reach it: the next is tried where the transfer itself fails before any log-on succeeded.
  // `time`: CLOCK_MONOTONIC.
  HmcSession(std::vector<std::unique_ptr<HttpClient>> ways, std::string user, std::string_view password,
             Nanoseconds (*time)() = monotonic_now)
      : ways_(std::move(ways)), user_(std::move(user)), password_(password), now_(time) {}
  HmcSession(const HmcSession&) = delete;
  HmcSession& operator=(const HmcSession&) = delete;
  ~HmcSession();

  // The answer that ended it is left in last().
  bool log_on();

  // With one new log-on where the answer is 401: sessions end with their time-out. Log-ons that fail, or
  // after which it is 401 still, are tried less and less often.
  HttpAnswer get(const std::string& path);

  // The console does not take the password: it is asked nothing more.
  bool refused() const { return refused_; }
  const HttpAnswer& last() const { return last_; }
  // Of an answer that was no such document.
  void found_wrong(std::string what) { last_.what = std::move(what); }
  Nanoseconds now() const { return now_(); }
  HmcClock& clock() { return clock_; }
  // Sessions opened again.
  std::int64_t reconnects() const { return log_ons_ > 1 ? log_ons_ - 1 : 0; }

 private:
  HttpAnswer ask(const HttpRequest& request);
  HttpAnswer put_log_on();
  HttpAnswer ask_for(const std::string& path);

  std::vector<std::unique_ptr<HttpClient>> ways_;  // the first is used
  std::string user_;
  Secret password_;
  Nanoseconds (*now_)();
  HmcClock clock_;
  std::string token_;
  std::int64_t log_ons_ = 0;
  bool refused_ = false;
  Backoff log_on_again_;
  HttpAnswer last_;
};

}  // namespace pw
