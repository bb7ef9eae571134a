// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/ipmi_error.h"

#include <freeipmi/freeipmi.h>

namespace pw {
namespace {

struct Advice {
  int code;
  const char* hint;
};

constexpr Advice kAdvice[] = {
    {IPMI_ERR_USERNAME_INVALID, "is there that user on the BMC, and may it use IPMI over LAN?"},
    {IPMI_ERR_PASSWORD_INVALID, "check PERFWATT_BMC_PASSWORD or the password file"},
    {IPMI_ERR_PASSWORD_VERIFICATION_TIMEOUT, "check the password; some BMCs do not answer a wrong one"},
    {IPMI_ERR_PRIVILEGE_LEVEL_INSUFFICIENT, "give that user more privilege on the BMC"},
    {IPMI_ERR_PRIVILEGE_LEVEL_CANNOT_BE_OBTAINED,
     "some BMCs need workaround=opensesspriv in the address; or give that user more privilege"},
    {IPMI_ERR_CIPHER_SUITE_ID_UNAVAILABLE, "name another cipher suite: cipher=17 or cipher=3"},
    {IPMI_ERR_BAD_RMCPPLUS_STATUS_CODE, "another cipher suite may work: cipher=17 or cipher=3"},
    {IPMI_ERR_IPMI_ERROR,
     "another cipher suite (cipher=3, cipher=17) or a workaround in the address may work"},
    {IPMI_ERR_IPMI_2_0_UNAVAILABLE, "the BMC must speak IPMI 2.0 (RMCP+)"},
    {IPMI_ERR_HOSTNAME_INVALID, "is the name right, and known to the resolver?"},
    {IPMI_ERR_CONNECTION_TIMEOUT, "is that a BMC, reachable from here, with IPMI over LAN enabled?"},
    {IPMI_ERR_SESSION_TIMEOUT, "is that a BMC, reachable from here, with IPMI over LAN enabled?"},
    {IPMI_ERR_PERMISSION, "run as root, or see perfwatt doctor"},
};

}  // namespace

const char* advice_on(int code) {
  for (const Advice& advice : kAdvice)
    if (advice.code == code) return advice.hint;
  return "ipmitool or ipmi-dcmi may tell more";
}

bool is_timeout(int code) {
  return code == IPMI_ERR_CONNECTION_TIMEOUT || code == IPMI_ERR_SESSION_TIMEOUT ||
         code == IPMI_ERR_MESSAGE_TIMEOUT || code == IPMI_ERR_DRIVER_TIMEOUT;
}

bool is_busy(int code) { return code == IPMI_ERR_BMC_BUSY || code == IPMI_ERR_DRIVER_BUSY; }

bool is_answer(int code) {
  return code == IPMI_ERR_BMC_BUSY || code == IPMI_ERR_BAD_COMPLETION_CODE ||
         code == IPMI_ERR_COMMAND_INVALID_OR_UNSUPPORTED || code == IPMI_ERR_PRIVILEGE_LEVEL_INSUFFICIENT;
}

}  // namespace pw
