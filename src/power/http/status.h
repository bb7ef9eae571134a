// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/power.h"
#include "power/http/http.h"

namespace pw {

// Of a reading whose answer is no success.
SampleStatus status_of(const HttpAnswer& answer);

// Whether trying again may help: busy, slow.
bool may_pass(const HttpAnswer& answer);

}  // namespace pw
