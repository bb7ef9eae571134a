// SPDX-License-Identifier: GPL-3.0-or-later
// A Redfish service without a network: what it answers is written down by a test.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "power/http/http.h"
#include "power/redfish/json.h"

namespace pw::test {

inline Nanoseconds at(double seconds) { return to_nanoseconds({seconds}); }

inline HttpAnswer http_answer(long status, std::string body = "") {
  HttpAnswer answer;
  answer.status = status;
  answer.body = std::move(body);
  answer.what = "HTTP " + std::to_string(status);
  return answer;
}

inline HttpAnswer http_trouble(HttpAnswer::Trouble trouble, std::string what) {
  HttpAnswer answer;
  answer.trouble = trouble;
  answer.what = std::move(what);
  return answer;
}

inline HttpAnswer redirect_to(const std::string& location) {
  HttpAnswer answer = http_answer(302);
  answer.location = location;
  return answer;
}

inline Json link(const std::string& path) { return {{"@odata.id", path}}; }

inline Json collection(const std::vector<std::string>& paths) {
  Json members = Json::array();
  for (const std::string& path : paths) members.push_back(link(path));
  return {{"Members", members}};
}

// User "admin", password "secret"; one chassis with EnvironmentMetrics of 200 W.
struct RedfishService {
  std::map<std::string, std::string> pages = {
      {"/redfish/v1/", Json{{"Chassis", link("/redfish/v1/Chassis")}}.dump()},
      {"/redfish/v1/Chassis", collection({"/redfish/v1/Chassis/one"}).dump()},
      {"/redfish/v1/Chassis/one",
       Json{{"EnvironmentMetrics", link("/redfish/v1/Chassis/one/EnvironmentMetrics")}}.dump()},
      {"/redfish/v1/Chassis/one/EnvironmentMetrics", watts_page(200).dump()}};
  // Asked first: what it answers is the answer.
  std::function<std::optional<HttpAnswer>(const HttpRequest&)> fault;
  std::function<std::string()> date;     // of every answer; none: they have none
  std::optional<long> sessions_refused;  // the status where there are no sessions
  std::set<std::string> tokens;          // of the sessions there are
  int sessions_made = 0;
  std::vector<HttpRequest> requests;

  static Json watts_page(const Json& reading) { return {{"PowerWatts", {{"Reading", reading}}}}; }

  std::size_t asked(const std::string& method, const std::string& path) const {
    std::size_t count = 0;
    for (const HttpRequest& request : requests) count += request.method == method && request.path == path;
    return count;
  }

  HttpAnswer answer(const HttpRequest& request) {
    requests.push_back(request);
    HttpAnswer given = undated(request);
    if (date) given.date = date();
    return given;
  }

 private:
  HttpAnswer undated(const HttpRequest& request) {
    if (fault)
      if (auto given = fault(request)) return *given;
    const std::string method = request.method;
    if (method == "POST") return make_session(request);
    const bool open = request.path == "/redfish/v1/" || tokens.contains(request.token) ||
                      request.credentials == "admin:secret";
    if (!open) return http_answer(401);
    if (method == "DELETE") return http_answer(tokens.erase(request.token) ? 204 : 404);
    const auto page = pages.find(request.path);
    return page == pages.end() ? http_answer(404) : http_answer(200, page->second);
  }

  HttpAnswer make_session(const HttpRequest& request) {
    if (sessions_refused) return http_answer(*sessions_refused);
    const Json body = Json::parse(request.body);
    if (body["UserName"] != "admin" || body["Password"] != "secret") return http_answer(401);
    HttpAnswer made = http_answer(201, "{}");
    made.token = "token-" + std::to_string(++sessions_made);
    made.location = "https://bmc/redfish/v1/SessionService/Sessions/" + std::to_string(sessions_made);
    tokens.insert(made.token);
    return made;
  }
};

class FakeHttp : public HttpClient {
 public:
  explicit FakeHttp(std::shared_ptr<RedfishService> service) : service_(std::move(service)) {}
  HttpAnswer ask(const HttpRequest& request) override { return service_->answer(request); }

 private:
  std::shared_ptr<RedfishService> service_;
};

}  // namespace pw::test
