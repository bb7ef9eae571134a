// SPDX-License-Identifier: GPL-3.0-or-later
// libfreeipmi's IPMI_ERR_* codes: what they are for a reading, and in words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/power.h"

namespace pw {

// What the user may do about it.
const char* advice_on(int code);

// Nothing was answered in time.
bool is_timeout(int code);

// The BMC does not take the user, the password or the privilege. Some answer a wrong password with silence.
bool is_refusal(int code);

// The BMC or its driver says to come again later.
bool is_busy(int code);

// An answer came twice, or one that was for another request.
bool is_out_of_order(int code);

// The BMC answered: the session is there.
bool is_answer(int code);

// Whether the session goes on after a reading that failed so.
bool keeps_session(int code);

// Of a reading that failed so.
SampleStatus status_of_ipmi(int code);

struct IpmiRefusal {
  std::string what;
  const char* hint;
};

// Why a BMC cannot be opened.
IpmiRefusal why_not_opened(int code);

// Why a BMC that could be opened gives no watts: the code of its reading (0: it answered), the completion
// code where there is one, and the reading's status.
IpmiRefusal why_no_reading(int code, std::optional<std::uint64_t> completion, SampleStatus status);

}  // namespace pw
