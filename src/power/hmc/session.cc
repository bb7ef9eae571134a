// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/hmc/session.h"

#include "power/http/logged_in.h"

#include "power/hmc/documents.h"

namespace pw {
namespace {

constexpr const char* kLogon = "/rest/api/web/Logon";
constexpr const char* kLogonRequest = "application/vnd.ibm.powervm.web+xml; type=LogonRequest";
constexpr const char* kLogonResponse = "application/vnd.ibm.powervm.web+xml; type=LogonResponse";
constexpr Seconds kPatience{180};  // consoles take minutes at times
constexpr Seconds kFarewell{2};

void append_escaped(std::string& xml, std::string_view text) {
  for (const char c : text) {
    if (c == '&')
      xml += "&amp;";
    else if (c == '<')
      xml += "&lt;";
    else if (c == '>')
      xml += "&gt;";
    else
      xml += c;
  }
}

bool unreachable(const HttpAnswer& answer) {
  return answer.trouble == HttpAnswer::Trouble::lost || answer.trouble == HttpAnswer::Trouble::timeout;
}

}  // namespace

HmcSession::~HmcSession() {
  if (token_.empty() || last_.trouble == HttpAnswer::Trouble::timeout) return;
  HttpRequest request;
  request.method = "DELETE";
  request.path = kLogon;
  request.token = token_;
  request.patience = kFarewell;
  ask(request);
}

HttpAnswer HmcSession::ask(const HttpRequest& request) {
  const Nanoseconds asked = now_();
  HttpAnswer answer = ways_.front()->ask(request);
  clock_.take(answer.date, asked, now_());
  return answer;
}

HttpAnswer HmcSession::put_log_on() {
  HttpRequest request;
  request.method = "PUT";
  request.path = kLogon;
  request.accept = kLogonResponse;
  request.content = kLogonRequest;
  request.patience = kPatience;
  request.body.reserve(512 + 5 * (user_.size() + password_.view().size()));  // one copy, to be wiped
  request.body =
      "<LogonRequest xmlns=\"http://www.ibm.com/xmlns/systems/power/firmware/web/mc/2012_10/\" "
      "schemaVersion=\"V1_0\"><UserID>";
  append_escaped(request.body, user_);
  request.body += "</UserID><Password>";
  append_escaped(request.body, password_.view());
  request.body += "</Password></LogonRequest>";
  HttpAnswer answer = ask(request);
  wipe(request.body);
  return answer;
}

bool HmcSession::log_on() {
  if (refused_ || !log_on_again_.due(now_())) return false;
  token_.clear();
  for (last_ = put_log_on(); log_ons_ == 0 && ways_.size() > 1 && unreachable(last_); last_ = put_log_on())
    ways_.erase(ways_.begin());
  if (last_.ok()) token_ = session_token(last_.body);
  wipe(last_.body);
  refused_ = last_.status == 401 || last_.status == 403;
  if (last_.ok() && token_.empty()) last_.what = "a log-on without a session";
  if (token_.empty()) {
    log_on_again_.failed(now_());
    return false;
  }
  ++log_ons_;
  return true;
}

HttpAnswer HmcSession::ask_for(const std::string& path) {
  HttpRequest request;
  request.path = path;
  request.token = token_;
  request.patience = kPatience;
  return ask(request);
}

HttpAnswer HmcSession::get(const std::string& path) {
  if (refused_) return last_;
  ask_logged_in(
      !token_.empty(), last_, log_on_again_, now_, [&] { return log_on(); }, [&] { return ask_for(path); });
  return last_;
}

}  // namespace pw
