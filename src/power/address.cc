// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/address.h"

#include <freeipmi/freeipmi.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace pw {
namespace {

constexpr std::string_view kScheme = "dcmi://";
constexpr const char* kForm = "write dcmi://USER@HOST[:PORT]";

struct Workaround {
  std::string_view name;  // as FreeIPMI's tools have it (-W)
  unsigned flag;
};

constexpr Workaround kWorkarounds[] = {
    {"authcap", IPMI_WORKAROUND_FLAGS_OUTOFBAND_2_0_AUTHENTICATION_CAPABILITIES},
    {"intel20", IPMI_WORKAROUND_FLAGS_OUTOFBAND_2_0_INTEL_2_0_SESSION},
    {"supermicro20", IPMI_WORKAROUND_FLAGS_OUTOFBAND_2_0_SUPERMICRO_2_0_SESSION},
    {"sun20", IPMI_WORKAROUND_FLAGS_OUTOFBAND_2_0_SUN_2_0_SESSION},
    {"opensesspriv", IPMI_WORKAROUND_FLAGS_OUTOFBAND_2_0_OPEN_SESSION_PRIVILEGE},
    {"integritycheckvalue", IPMI_WORKAROUND_FLAGS_OUTOFBAND_2_0_NON_EMPTY_INTEGRITY_CHECK_VALUE},
    {"nochecksumcheck", IPMI_WORKAROUND_FLAGS_OUTOFBAND_2_0_NO_CHECKSUM_CHECK},
};

const std::vector<std::string> kPrivileges = {"user", "operator",
                                              "admin"};  // IPMI_PRIVILEGE_LEVEL_USER and up

tl::unexpected<Error> wrong(std::string what, std::string hint) {
  return fail(Failure::input, std::move(what), "--power", std::move(hint));
}

tl::unexpected<Error> unknown(const std::string& what, const std::string& name,
                              const std::vector<std::string>& names) {
  const std::string hint = did_you_mean(name, names);
  return wrong("unknown " + what + " '" + name + "'",
               hint.empty() ? "there are: " + join(names, ", ") : hint);
}

Result<> set_cipher(DcmiAddress& address, const std::string& value) {
  const auto number = parse_integer(value);
  if (!number || *number < 0 || *number > 17 || !IPMI_CIPHER_SUITE_ID_SUPPORTED(*number))
    return wrong("'" + value + "' is no cipher suite that libfreeipmi has",
                 "0 to 3, 6 to 8, 11, 12, 15 to 17; BMCs have 3 or 17");
  address.cipher = static_cast<int>(*number);
  return {};
}

Result<> set_workaround(DcmiAddress& address, const std::string& value) {
  std::vector<std::string> names;
  for (const Workaround& known : kWorkarounds) {
    names.emplace_back(known.name);
    if (known.name != value) continue;
    address.workarounds |= known.flag;
    return {};
  }
  return unknown("workaround", value, names);
}

Result<> set_simulated(DcmiAddress& address, const std::string& value) {
  if (value != "0" && value != "1") return wrong("simulated is 0 or 1, not '" + value + "'", "simulated=1");
  address.simulated = value == "1";
  return {};
}

struct Key {
  std::string_view name;
  Result<> (*set)(DcmiAddress& address, const std::string& value);
};

constexpr Key kKeys[] = {
    {"cipher", set_cipher}, {"workaround", set_workaround}, {"simulated", set_simulated}};

Result<> set_query(DcmiAddress& address, const std::string& query) {
  for (const std::string& pair : split(query, '&')) {
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string name = pair.substr(0, equals);
    const Key* const key = std::find_if(std::begin(kKeys), std::end(kKeys),
                                        [&](const Key& known) { return known.name == name; });
    if (key == std::end(kKeys))
      return unknown("key", name, {"cipher", "privilege", "workaround", "simulated"});
    if (Result<> set = key->set(address, equals < pair.size() ? pair.substr(equals + 1) : ""); !set)
      return set;
  }
  return {};
}

// HOST, HOST:PORT, [IPV6], [IPV6]:PORT
Result<> check_host(const std::string& host, const std::string& form, const std::string& usual_port) {
  const bool brackets = host.starts_with('[');
  const std::size_t name_end = brackets ? host.find(']') + 1 : std::min(host.find(':'), host.size());
  if (name_end == 0 || (brackets && name_end <= 2)) return wrong("the host is missing", form);
  if (!brackets && std::count(host.begin(), host.end(), ':') > 1)
    return wrong("'" + host + "' is not HOST or HOST:PORT",
                 "an IPv6 address stands in brackets: [::1]:" + usual_port);
  if (name_end == host.size()) return {};
  const auto port = host[name_end] == ':' ? parse_integer(host.substr(name_end + 1)) : std::nullopt;
  if (!port || *port < 1 || *port > 65535)
    return wrong("'" + host.substr(name_end) + "' is not :PORT", "1 to 65535; " + usual_port + " is usual");
  return {};
}

// USER@HOST[:PORT]
Result<> set_place(DcmiAddress& address, const std::string& place) {
  const Result<NetworkPlace> parsed = parse_place(place, kForm, "623");
  if (!parsed) return pass_on(parsed);
  address.in_band = false;
  address.user = parsed->user;
  address.host = parsed->host;
  if (address.user.size() > IPMI_MAX_USER_NAME_LENGTH)
    return wrong("the user's name is longer than IPMI's 16 characters", kForm);
  return {};
}

}  // namespace

Result<NetworkPlace> parse_place(const std::string& text, const std::string& form,
                                 const std::string& usual_port) {
  const std::size_t at = text.rfind('@');
  if (at == std::string::npos || at == 0) return wrong("the user is missing in the address", form);
  NetworkPlace place{text.substr(0, at), text.substr(at + 1)};
  if (place.user.find(':') != std::string::npos)
    return wrong("a password does not belong on the command line, where everybody can read it",
                 "put it into PERFWATT_BMC_PASSWORD or a --bmc-password-file");
  if (Result<> checked = check_host(place.host, form, usual_port); !checked) return pass_on(checked);
  return place;
}

Result<DcmiAddress> parse_dcmi(const std::string& text) {
  DcmiAddress address;
  if (printable(text) != text) return wrong("the address has control characters or is not UTF-8", kForm);
  // A password may hold a question mark, too.
  const std::size_t last_at = text.rfind('@');
  const std::size_t question = text.find('?', last_at == std::string::npos ? 0 : last_at);
  const std::string place = text.substr(0, question);
  if (place.starts_with(kScheme)) {
    if (Result<> set = set_place(address, place.substr(kScheme.size())); !set) return pass_on(set);
  } else if (place != "dcmi") {
    return wrong("the address is neither dcmi nor dcmi://USER@HOST[:PORT]", kForm);
  }
  if (question != std::string::npos)
    if (Result<> set = set_query(address, text.substr(question + 1)); !set) return pass_on(set);
  if (address.in_band && (address.cipher != DcmiAddress::kDefaultCipher || address.workarounds != 0))
    return wrong("cipher and workaround are for a BMC on the network", kForm);
  return address;
}

std::string shown_address(const DcmiAddress& address) {
  return address.in_band ? "/dev/ipmi0" : std::string(kScheme) + address.user + "@" + address.host;
}

}  // namespace pw
