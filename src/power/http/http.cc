// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/http/http.h"

#include <algorithm>

namespace pw {
namespace {

constexpr int kMostRedirects = 3;
constexpr int kMostWithPassword = 1;

bool redirects(const HttpAnswer& answer) {
  return answer.status == 301 || answer.status == 302 || answer.status == 307 || answer.status == 308;
}

// The path of a Location on that very host; "" for any other.
std::string path_on(const std::string& host, const std::string& location) {
  if (!std::ranges::all_of(location, [](char c) { return c > ' ' && c < 0x7f; })) return "";
  const std::string base = "https://" + host;
  if (location.starts_with(base + "/")) return location.substr(base.size());
  return location.starts_with('/') && !location.starts_with("//") ? location : "";
}

}  // namespace

HttpAnswer ask_following(HttpClient& http, const std::string& host, HttpRequest& request) {
  const bool password = !request.body.empty() || !request.credentials.empty();
  const int most = password ? kMostWithPassword : kMostRedirects;
  for (int followed = 0;; ++followed) {
    HttpAnswer answer = http.ask(request);
    if (!redirects(answer) || followed == most) return answer;
    std::string target = path_on(host, answer.location);
    if (target.empty()) {
      answer.what += " to another place, which is not followed";
      return answer;
    }
    request.path = std::move(target);
  }
}

}  // namespace pw
