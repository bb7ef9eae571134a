// SPDX-License-Identifier: GPL-3.0-or-later
// libfreeipmi's IPMI_ERR_* codes.
#pragma once

namespace pw {

// What the user may do about it.
const char* advice_on(int code);

// Nothing was answered in time.
bool is_timeout(int code);

// The BMC or its driver says to come again later.
bool is_busy(int code);

// The BMC answered: the session is there.
bool is_answer(int code);

}  // namespace pw
