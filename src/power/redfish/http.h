// SPDX-License-Identifier: GPL-3.0-or-later
// The little of HTTP that Redfish needs.
#pragma once

#include <string>

#include "base/units.h"

namespace pw {

struct HttpAnswer {
  // Of the transfer, where there is no HTTP status.
  enum class Trouble { none, timeout, lost, certificate, too_large };
  Trouble trouble = Trouble::none;
  long status = 0;
  std::string body;      // at most 1 MiB
  std::string token;     // X-Auth-Token
  std::string location;  // Location, or ""
  std::string date;      // Date, or ""
  std::string what;      // "HTTP 503", or the library's words

  bool ok() const { return status >= 200 && status < 300; }
};

// `path` starts with '/'. `credentials` is "" or USER:PASSWORD for basic authentication, `token` "" or an
// X-Auth-Token. `body` "" is no body.
struct HttpRequest {
  const char* method = "GET";
  std::string path;
  std::string body;
  std::string token;
  std::string credentials;
  Seconds patience{5};
};

// A connection to one service.
class RedfishHttp {
 public:
  virtual ~RedfishHttp() = default;
  // One request and its answer: a redirect is an answer.
  virtual HttpAnswer ask(const HttpRequest& request) = 0;
};

// Redirects are followed at most 3 times, once where the request holds the password, and never away from
// https://`host`; `host` with ":PORT" where one was given.
HttpAnswer ask_following(RedfishHttp& http, const std::string& host, HttpRequest& request);

}  // namespace pw
