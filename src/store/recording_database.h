// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "base/result.h"
#include "model/recording.h"
#include "store/recording_file.h"
#include "store/sqlite/sqlite.h"

namespace pw {

enum class Journal { log, rollback };  // SQLite's WAL; its rollback journal, for network disks

// The file as it is before the first execution.
Result<std::string> first_image(const RecordingHeader& header, Journal journal);

// The database of such a file, with that journal.
Result<Database> open_for_recording(const RecordingFile& file, Journal journal);

}  // namespace pw
