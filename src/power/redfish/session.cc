// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/redfish/session.h"

#include "power/http/logged_in.h"

namespace pw {
namespace {

constexpr Seconds kFarewell{2};

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
  HttpRequest request;
  request.method = "DELETE";
  request.path = session_path_;
  request.token = token_;
  request.patience = kFarewell;
  ask_following(*http_, address_.host, request);
}

HttpAnswer RedfishSession::post_session() {
  HttpRequest request;
  request.method = "POST";
  request.path = sessions_path_;
  Json body{{"UserName", address_.user}, {"Password", password_.view()}};
  request.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  HttpAnswer answer = ask_following(*http_, address_.host, request);
  wipe(body["Password"].get_ref<std::string&>());
  wipe(request.body);
  return answer;
}

// Where the service has its chassis, its managers and its sessions.
bool RedfishSession::find_service() {
  last_ = ask("/redfish/v1/");
  if (!last_.ok()) return false;
  const std::optional<Json> root = redfish_object(last_.body);
  if (!root) return false;
  if (const auto path = link_of(*root, "Chassis")) chassis_path_ = *path;
  if (const auto path = link_of(*root, "Managers")) managers_path_ = *path;
  if (const auto path = service_path(member(*root, {"Links", "Sessions", "@odata.id"})))
    sessions_path_ = *path;
  return true;
}

// Its token, and where it is to be deleted.
bool RedfishSession::make_session() {
  last_ = post_session();
  if (!last_.ok() || last_.token.empty()) return false;
  token_ = last_.token;
  const std::size_t path = last_.location.find("/redfish/");
  if (path != std::string::npos) session_path_ = service_path(Json(last_.location.substr(path))).value_or("");
  if (const auto body = redfish_object(last_.body); session_path_.empty() && body)
    session_path_ = service_path(member(*body, {"@odata.id"})).value_or("");
  return true;
}

bool RedfishSession::begin() {
  if (log_ins_ == 0 && !find_service()) return false;
  if (basic_ || make_session()) return true;
  refused_ = last_.status == 401 || last_.status == 403;
  basic_ = has_no_sessions(last_);
  return basic_;
}

bool RedfishSession::log_in() {
  if (refused_ || !log_in_again_.due(now_())) return false;
  token_.clear();
  session_path_.clear();
  if (!begin()) {
    log_in_again_.failed(now_());
    return false;
  }
  ++log_ins_;
  return true;
}

HttpAnswer RedfishSession::ask(const std::string& path) {
  HttpRequest request;
  request.path = path;
  request.token = token_;
  if (basic_) request.credentials.append(address_.user).append(":").append(password_.view());
  HttpAnswer answer = ask_following(*http_, address_.host, request);
  wipe(request.credentials);
  refused_ = refused_ || (basic_ && answer.status == 401);
  return answer;
}

HttpAnswer RedfishSession::get(const std::string& path) {
  if (refused_) return last_;
  ask_logged_in(
      !token_.empty() || basic_, last_, log_in_again_, now_, [&] { return log_in(); },
      [&] { return ask(path); });
  return last_;
}

std::optional<Json> RedfishSession::object_if_any(const std::string& path) {
  const bool refused = refused_;
  last_ = ask(path);
  refused_ = refused;
  return last_.ok() ? redfish_object(last_.body) : std::nullopt;
}

std::optional<Json> RedfishSession::object(const std::string& path) {
  HttpAnswer answer = get(path);
  if (!answer.ok()) return std::nullopt;
  std::optional<Json> found = redfish_object(answer.body);
  if (!found) last_.what = "an answer that is no JSON object";
  return found;
}

}  // namespace pw
