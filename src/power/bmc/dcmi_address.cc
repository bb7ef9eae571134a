// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/bmc/dcmi_address.h"

#include <freeipmi/freeipmi.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "power/reader/address.h"

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

struct Privilege {
  std::string_view name;
  std::uint8_t level;
};

constexpr Privilege kPrivileges[] = {{"user", IPMI_PRIVILEGE_LEVEL_USER},
                                     {"operator", IPMI_PRIVILEGE_LEVEL_OPERATOR},
                                     {"administrator", IPMI_PRIVILEGE_LEVEL_ADMIN}};

Result<> set_cipher(DcmiAddress& address, const std::string& value, std::string_view) {
  const auto number = parse_integer(value);
  if (!number || *number < 0 || *number > 17 || !IPMI_CIPHER_SUITE_ID_SUPPORTED(*number))
    return wrong_address("'" + value + "' is no cipher suite that libfreeipmi has",
                         "0 to 3, 6 to 8, 11, 12, 15 to 17; BMCs have 3 or 17");
  address.cipher = static_cast<int>(*number);
  return {};
}

Result<> set_privilege(DcmiAddress& address, const std::string& value, std::string_view) {
  std::vector<std::string> names;
  for (const Privilege& known : kPrivileges) {
    names.emplace_back(known.name);
    if (known.name == value) address.privilege = known.level;
  }
  if (std::ranges::find(names, value) == names.end()) return unknown_in_address("privilege", value, names);
  return {};
}

Result<> set_workaround(DcmiAddress& address, const std::string& value, std::string_view) {
  std::vector<std::string> names;
  for (const Workaround& known : kWorkarounds) {
    names.emplace_back(known.name);
    if (known.name != value) continue;
    address.workarounds |= known.flag;
    return {};
  }
  return unknown_in_address("workaround", value, names);
}

constexpr AddressKey<DcmiAddress> kKeys[] = {{"cipher", set_cipher},
                                             {"privilege", set_privilege},
                                             {"workaround", set_workaround, true},
                                             {"simulated", set_flag<&DcmiAddress::simulated>}};

// USER@HOST[:PORT]
Result<> set_place(DcmiAddress& address, const std::string& place) {
  const Result<NetworkPlace> parsed = parse_place(place, kForm, "623");
  if (!parsed) return pass_on(parsed);
  address.in_band = false;
  address.user = parsed->user;
  address.host = parsed->host;
  if (address.user.size() > IPMI_MAX_USER_NAME_LENGTH)
    return wrong_address("the user's name is longer than IPMI's 16 characters", kForm);
  return {};
}

}  // namespace

Result<DcmiAddress> parse_dcmi(const std::string& text) {
  DcmiAddress address;
  const Result<SplitAddress> split = split_address(text, kForm);
  if (!split) return pass_on(split);
  if (split->place.starts_with(kScheme)) {
    if (Result<> set = set_place(address, split->place.substr(kScheme.size())); !set) return pass_on(set);
  } else if (split->place != "dcmi") {
    return wrong_address("the address is neither dcmi nor dcmi://USER@HOST[:PORT]", kForm);
  }
  if (split->query)
    if (Result<> set = set_query<DcmiAddress>(address, *split->query, kKeys); !set) return pass_on(set);
  const bool for_network =
      address.cipher != DcmiAddress::kDefaultCipher || address.workarounds != 0 || address.privilege;
  if (address.in_band && for_network)
    return wrong_address("cipher, privilege and workaround are for a BMC on the network", kForm);
  return address;
}

std::string shown_address(const DcmiAddress& address) {
  return address.in_band ? "/dev/ipmi0" : std::string(kScheme) + address.user + "@" + address.host;
}

}  // namespace pw
