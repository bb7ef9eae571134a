// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/recording_database.h"

#include <string_view>

#include "store/schema.h"
#include "store/write_header.h"

namespace pw {

// A process that dies loses nothing of a commit in either mode; only the machine's own death can lose what
// its kernel had not written yet, some 30 s, so that no fsync disturbs what is measured. The first commit
// makes the log, and as no older one stands in its place it need not wait for the disk. (SQLite writes
// nothing where a value stays as it is.)
Result<Database> open_for_recording(const RecordingFile& file, Journal journal) {
  Result<Database> database = Database::open(file.path_by_descriptor(), Database::Mode::record);
  if (!database) return database;
  // SQLite trusts the memory that it shares through a file: then it shares none.
  if (file.others_could_plant())
    if (auto set = database->exec("PRAGMA locking_mode=EXCLUSIVE"); !set) return pass_on(set);
  static constexpr std::string_view log =
      "PRAGMA synchronous=OFF; "
      "BEGIN IMMEDIATE; UPDATE recording SET ending=''; UPDATE recording SET ending=NULL; COMMIT;";
  static constexpr std::string_view rollback =
      "PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=DELETE; PRAGMA locking_mode=NORMAL; "
      "BEGIN IMMEDIATE; COMMIT;";
  const std::string mode(journal == Journal::log ? log : rollback);
  if (auto set = database->exec(mode + "PRAGMA synchronous=NORMAL"); !set) return pass_on(set);
  return database;
}

Result<std::string> first_image(const RecordingHeader& header, Journal journal) {
  Result<Database> database = Database::open("", Database::Mode::memory);
  if (!database) return pass_on(database);
  const Result<> filled = database->transaction([&]() -> Result<> {
    if (auto made = create_schema(*database); !made) return made;
    return write_header(*database, header);
  });
  if (!filled) return pass_on(filled);
  Result<std::string> image = database->image();
  // The versions that say "with a log": https://www.sqlite.org/fileformat2.html section 1.3.
  if (image && journal == Journal::log) (*image)[18] = (*image)[19] = 2;
  return image;
}

}  // namespace pw
