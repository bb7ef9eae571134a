// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/hmc/address.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "power/http/pin.h"
#include "power/reader/address.h"

namespace pw {
namespace {

constexpr std::string_view kScheme = "hmc://";
constexpr const char* kForm = "write hmc://USER@HMC[:PORT]/SYSTEM";

constexpr AddressKey<HmcAddress> kKeys[] = {{"partition", set_text<&HmcAddress::partition>},
                                            {"fingerprint", set_text<&HmcAddress::fingerprint>},
                                            {"cacert", set_text<&HmcAddress::cacert>},
                                            {"insecure", set_flag<&HmcAddress::insecure>},
                                            {"simulated", set_flag<&HmcAddress::simulated>}};

Result<> check_together(const HmcAddress& address) {
  if (!address.fingerprint.empty() && !public_key_pin(address.fingerprint))
    return wrong_address("fingerprint is no SHA-256",
                         "write its 64 hexadecimal digits, of the certificate's public key");
  const int ways = address.insecure + !address.cacert.empty() + !address.fingerprint.empty();
  if (ways > 1)
    return wrong_address("insecure=1, cacert and fingerprint exclude each other", "give one of them");
  return {};
}

}  // namespace

Result<HmcAddress> parse_hmc(const std::string& text) {
  const Result<SplitAddress> split = split_address(text, kForm);
  if (!split) return pass_on(split);
  if (!text.starts_with(kScheme))
    return wrong_address("the address is not hmc://USER@HMC[:PORT]/SYSTEM", kForm);
  const std::string rest = split->place.substr(kScheme.size());
  const std::size_t slash = std::min(rest.find('/', std::min(rest.find('@'), rest.size())), rest.size());
  const Result<NetworkPlace> place = parse_place(rest.substr(0, slash), kForm, "443");
  if (!place) return pass_on(place);
  if (place->host.find_first_of("/?#@\\ %") != std::string::npos)
    return wrong_address("the host has a character that no host has", kForm);
  HmcAddress address;
  address.user = place->user;
  address.host = place->host;
  const std::size_t bracket = place->host.find(']');
  address.port_given = place->host.find(':', bracket == std::string::npos ? 0 : bracket) != std::string::npos;
  if (slash < rest.size()) address.system = rest.substr(slash + 1);
  if (address.system.find_first_of("/#") != std::string::npos)
    return wrong_address("a system's name has no / nor #", kForm);
  if (split->query)
    if (Result<> set = set_query<HmcAddress>(address, *split->query, kKeys); !set) return pass_on(set);
  if (Result<> checked = check_together(address); !checked) return pass_on(checked);
  return address;
}

std::string shown_address(const HmcAddress& address) {
  return std::string(kScheme) + address.user + "@" + address.host +
         (address.system.empty() ? "" : "/" + address.system) + (address.insecure ? "?insecure=1" : "");
}

}  // namespace pw
