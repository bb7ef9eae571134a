// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/redfish_session.h"

#include "os/clock.h"

namespace pw {
namespace {

constexpr Seconds kFarewell{2};
// A BMC that is asked again and again with a password that it does not take locks the account.
constexpr Nanoseconds kNextTry{60'000'000'000};

// A service without sessions, or one that wants them otherwise: basic authentication is what every service
// has (DSP0266).
bool has_no_sessions(const HttpAnswer& answer) {
  return answer.trouble == HttpAnswer::Trouble::none &&
         (answer.ok() || answer.status == 400 || answer.status == 404 || answer.status == 405 ||
          answer.status == 501);
}

}  // namespace

RedfishSession::~RedfishSession() {
  if (session_path_.empty() || token_.empty() || last_.trouble == HttpAnswer::Trouble::timeout) return;
  RedfishHttp::Request request;
  request.method = "DELETE";
  request.path = session_path_;
  request.token = token_;
  request.patience = kFarewell;
  http_->ask(request);
}

HttpAnswer RedfishSession::post_session() {
  RedfishHttp::Request request;
  request.method = "POST";
  request.path = sessions_path_;
  request.body = Json{{"UserName", address_.user}, {"Password", password_}}.dump(
      -1, ' ', false, Json::error_handler_t::replace);
  return http_->ask(request);
}

bool RedfishSession::log_in() {
  token_.clear();
  session_path_.clear();
  if (refused_at_.value != 0 && monotonic_now() - refused_at_ < kNextTry) return false;
  if (log_ins_ == 0) {
    RedfishHttp::Request root_request;
    root_request.path = "/redfish/v1/";
    last_ = http_->ask(root_request);
    if (last_.trouble != HttpAnswer::Trouble::none) return false;
    const std::optional<Json> root = redfish_object(last_.body);
    if (!last_.ok() || !root) return false;
    if (const auto path = link_of(*root, "Chassis")) chassis_path_ = *path;
    if (const auto path = service_path(member(*root, {"Links", "Sessions", "@odata.id"})))
      sessions_path_ = *path;
  }
  if (!basic_) {
    last_ = post_session();
    if (last_.ok() && !last_.token.empty()) {
      token_ = last_.token;
      const std::size_t path = last_.location.find("/redfish/");
      session_path_ =
          path == std::string::npos ? "" : service_path(Json(last_.location.substr(path))).value_or("");
      if (const auto body = redfish_object(last_.body); session_path_.empty() && body)
        session_path_ = service_path(member(*body, {"@odata.id"})).value_or("");
      ++log_ins_;
      return true;
    }
    if (last_.status == 401 || last_.status == 403) refused_at_ = monotonic_now();
    if (!has_no_sessions(last_)) return false;
    basic_ = true;
  }
  ++log_ins_;
  return true;
}

HttpAnswer RedfishSession::ask(const std::string& path) {
  RedfishHttp::Request request;
  request.path = path;
  request.token = token_;
  if (basic_) request.credentials = address_.user + ":" + password_;
  return http_->ask(request);
}

HttpAnswer RedfishSession::get(const std::string& path) {
  if (token_.empty() && !basic_ && !log_in()) return last_;
  last_ = ask(path);
  if (last_.status == 401 && !basic_ && log_in()) last_ = ask(path);
  return last_;
}

std::optional<Json> RedfishSession::object(const std::string& path) {
  HttpAnswer answer = get(path);
  if (!answer.ok()) return std::nullopt;
  std::optional<Json> found = redfish_object(answer.body);
  if (!found) last_.what = "an answer that is no JSON object";
  return found;
}

}  // namespace pw
