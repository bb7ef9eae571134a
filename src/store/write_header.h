// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/result.h"
#include "model/recording.h"
#include "store/sqlite/sqlite.h"

namespace pw {

// What is known of a recording before the first execution, into tables that create_schema has made.
Result<> write_header(Database& database, const RecordingHeader& header);

}  // namespace pw
