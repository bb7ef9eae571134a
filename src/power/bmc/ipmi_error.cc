// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/bmc/ipmi_error.h"

#include <fmt/format.h>
#include <freeipmi/freeipmi.h>

#include <utility>

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
    {IPMI_ERR_INTERNAL_ERROR, "its answers may come doubled or late: do two machines have that address?"},
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

bool is_refusal(int code) {
  return code == IPMI_ERR_USERNAME_INVALID || code == IPMI_ERR_PASSWORD_INVALID ||
         code == IPMI_ERR_PASSWORD_VERIFICATION_TIMEOUT || code == IPMI_ERR_K_G_INVALID ||
         code == IPMI_ERR_PRIVILEGE_LEVEL_CANNOT_BE_OBTAINED;
}

bool is_busy(int code) { return code == IPMI_ERR_BMC_BUSY || code == IPMI_ERR_DRIVER_BUSY; }

bool is_out_of_order(int code) { return code == IPMI_ERR_INTERNAL_ERROR; }

bool is_answer(int code) {
  return code == IPMI_ERR_BMC_BUSY || code == IPMI_ERR_BAD_COMPLETION_CODE ||
         code == IPMI_ERR_COMMAND_INVALID_OR_UNSUPPORTED || code == IPMI_ERR_PRIVILEGE_LEVEL_INSUFFICIENT;
}

bool keeps_session(int code) { return is_busy(code) || is_answer(code); }

SampleStatus status_of_ipmi(int code) {
  if (is_busy(code)) return SampleStatus::busy;
  if (is_answer(code)) return SampleStatus::error;
  return is_timeout(code) ? SampleStatus::timeout : SampleStatus::session_lost;
}

IpmiRefusal why_not_opened(int code) {
  return {fmt::format("the BMC cannot be used: {}", ipmi_ctx_strerror(code)), advice_on(code)};
}

IpmiRefusal why_no_reading(int code, std::optional<std::uint64_t> completion, SampleStatus status) {
  const auto no = [&](std::string what, const char* hint) -> IpmiRefusal {
    if (completion) what += fmt::format(" (completion code {:02x})", *completion);
    return {std::move(what), hint};
  };
  if (status == SampleStatus::inactive)
    return no("the BMC says 0 W, and that its power measurement is not active", "activate it on the BMC");
  if (status == SampleStatus::busy) return no("the BMC says that it is busy", "try again later");
  if (code == IPMI_ERR_COMMAND_INVALID_OR_UNSUPPORTED)
    return no("the BMC has no DCMI power reading", "this BMC cannot tell watts through DCMI");
  if (code == IPMI_ERR_BAD_COMPLETION_CODE)
    return no("the BMC refuses a DCMI power reading", "ipmitool dcmi power reading may tell more");
  if (code == 0) return no("the BMC's answer holds no watts", "ipmitool dcmi power reading may tell more");
  return why_not_opened(code);
}

}  // namespace pw
