// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace pw {

// The name of SQLite's way to files for a recorder: RecordingFile::path_by_descriptor() is taken as it is,
// not followed to a name that may lead elsewhere meanwhile; a journal is a new file, and one that stands
// there is none of the database's.
const char* folder_vfs();

}  // namespace pw
