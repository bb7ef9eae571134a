// SPDX-License-Identifier: GPL-3.0-or-later
// The little of HTTP that management services need.
#pragma once

#include <string>

#include "base/units.h"

namespace pw {

struct HttpAnswer {
  // Of the transfer, where there is no HTTP status.
  enum class Trouble { none, timeout, lost, certificate, too_large };
  Trouble trouble = Trouble::none;
  long status = 0;
  std::string body;      // at most HttpService::most_bytes
  std::string token;     // of the header HttpService::token_header
  std::string location;  // Location, or ""
  std::string date;      // Date, or ""
  std::string what;      // "HTTP 503", or the library's words

  bool ok() const { return status >= 200 && status < 300; }
};

// Whom to speak to, and how.
struct HttpService {
  std::string host;            // with ":PORT" where one was given
  std::string cacert;          // a file with the certificate of a private CA
  bool insecure = false;       // the certificate is not verified
  std::string pin;             // "sha256//BASE64" of the certificate's public key, in place of that; "": none
  std::string token_header;    // that a session's token stands in
  const char* media = "";      // of requests' bodies and answers, unless a request says otherwise
  const char* dialect = "";    // a header that every request has; "": none
  std::size_t most_bytes = 0;  // of an answer
};

// `path` starts with '/'. `credentials` is "" or USER:PASSWORD for basic authentication, `token` "" or a
// session's. `body` "" is no body.
struct HttpRequest {
  const char* method = "GET";
  std::string path;
  std::string body;
  std::string token;
  std::string credentials;
  Seconds patience{5};
  const char* accept = nullptr;   // null: HttpService::media
  const char* content = nullptr;  // the body's type, likewise
};

// A connection to one service.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // One request and its answer: a redirect is an answer.
  virtual HttpAnswer ask(const HttpRequest& request) = 0;
};

// Redirects are followed at most 3 times, once where the request holds the password, and never away from
// https://`host`; `host` with ":PORT" where one was given.
HttpAnswer ask_following(HttpClient& http, const std::string& host, HttpRequest& request);

}  // namespace pw
