// SPDX-License-Identifier: GPL-3.0-or-later
// One kept HTTPS connection to a Redfish service, through libcurl, which is loaded when it is first used:
// linked, it and its 60 libraries would make every start of perfwatt 10 ms slower.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "base/units.h"
#include "power/redfish_address.h"

namespace pw {

struct HttpAnswer {
  // Of the transfer, where there is no HTTP status.
  enum class Trouble { none, timeout, lost, certificate, too_large };
  Trouble trouble = Trouble::none;
  long status = 0;
  std::string body;      // at most 1 MiB
  std::string token;     // X-Auth-Token
  std::string location;  // Location, or ""
  std::string what;      // "HTTP 503", or libcurl's words

  bool ok() const { return status >= 200 && status < 300; }
};

class RedfishHttp {
 public:
  // Errors (not_possible): libcurl is not installed.
  static Result<std::unique_ptr<RedfishHttp>> make(const RedfishAddress& address);
  virtual ~RedfishHttp() = default;

  // `path` starts with '/'. Redirects are followed at most 3 times, and never to another host. `credentials`
  // is "" or USER:PASSWORD for basic authentication, `token` "" or an X-Auth-Token. `body` "" is no body.
  struct Request {
    const char* method = "GET";
    std::string path;
    std::string body;
    std::string token;
    std::string credentials;
    Seconds patience{5};
  };
  virtual HttpAnswer ask(const Request& request) = 0;
};

// Whether libcurl can be loaded.
Result<> libcurl_usable();

}  // namespace pw
