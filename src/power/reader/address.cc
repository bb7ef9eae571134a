// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/reader/address.h"

#include <algorithm>

#include "base/text.h"

namespace pw {
namespace {

// HOST, HOST:PORT, [IPV6], [IPV6]:PORT
Result<> check_host(const std::string& host, const std::string& form, const std::string& usual_port) {
  const bool brackets = host.starts_with('[');
  const std::size_t name_end = brackets ? host.find(']') + 1 : std::min(host.find(':'), host.size());
  if (name_end == 0 || (brackets && name_end <= 2)) return wrong_address("the host is missing", form);
  if (!brackets && std::count(host.begin(), host.end(), ':') > 1)
    return wrong_address("'" + host + "' is not HOST or HOST:PORT",
                         "an IPv6 address stands in brackets: [::1]:" + usual_port);
  if (name_end == host.size()) return {};
  const auto port = host[name_end] == ':' ? parse_integer(host.substr(name_end + 1)) : std::nullopt;
  if (!port || *port < 1 || *port > 65535)
    return wrong_address("'" + host.substr(name_end) + "' is not :PORT",
                         "1 to 65535; " + usual_port + " is usual");
  return {};
}

}  // namespace

tl::unexpected<Error> wrong_address(std::string what, std::string hint) {
  return fail(Failure::input, std::move(what), "--power", std::move(hint));
}

tl::unexpected<Error> unknown_in_address(const std::string& what, const std::string& name,
                                         const std::vector<std::string>& names) {
  const std::string hint = did_you_mean(name, names);
  return wrong_address("unknown " + what + " '" + name + "'",
                       hint.empty() ? "there are: " + join(names, ", ") : hint);
}

std::string path_in(const std::string& address, const char* usual) {
  const std::size_t colon = address.find(':');
  return colon == std::string::npos ? usual : address.substr(colon + 1);
}

Result<SplitAddress> split_address(const std::string& text, const std::string& form) {
  if (printable(text) != text)
    return wrong_address("the address has control characters or is not UTF-8", form);
  // A password may hold a question mark, too.
  const std::size_t last_at = text.rfind('@');
  const std::size_t question = text.find('?', last_at == std::string::npos ? 0 : last_at);
  SplitAddress split{text.substr(0, question), {}};
  if (question != std::string::npos) split.query = text.substr(question + 1);
  return split;
}

Result<NetworkPlace> parse_place(const std::string& text, const std::string& form,
                                 const std::string& usual_port) {
  const std::size_t at = text.rfind('@');
  if (at == std::string::npos || at == 0) return wrong_address("the user is missing in the address", form);
  NetworkPlace place{text.substr(0, at), text.substr(at + 1)};
  if (place.user.find(':') != std::string::npos)
    return wrong_address("a password does not belong on the command line, where everybody can read it",
                         "put it into PERFWATT_BMC_PASSWORD or a --bmc-password-file");
  if (Result<> checked = check_host(place.host, form, usual_port); !checked) return pass_on(checked);
  return place;
}

std::vector<std::pair<std::string, std::string>> query_pairs(const std::string& query) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const std::string& pair : split(query, '&')) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    pairs.emplace_back(pair.substr(0, equals), equals < pair.size() ? pair.substr(equals + 1) : "");
  }
  return pairs;
}

Result<> parse_text(std::string& into, const std::string& value, std::string_view name) {
  const std::string key(name);
  if (value.empty()) return wrong_address("the value of " + key + " is missing", key + "=...");
  into = value;
  return {};
}

Result<> parse_flag(bool& into, const std::string& value, std::string_view name) {
  const std::string key(name);
  if (value != "0" && value != "1") return wrong_address(key + " is 0 or 1, not '" + value + "'", key + "=1");
  into = value == "1";
  return {};
}

}  // namespace pw
