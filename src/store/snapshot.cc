// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/snapshot.h"

#include <fstream>
#include <string_view>

#include "store/file_head.h"

namespace pw {
namespace fs = std::filesystem;
namespace {

// The change counter of the database, the random salts of a WAL and the nonce of a rollback journal lie
// within these bytes. While they stay the same no transaction ended, and the journal holds whatever was put
// into the database meanwhile.
constexpr std::size_t kDatabaseHead = 100;
constexpr std::size_t kJournalHead = 32;
constexpr int kTries = 20;

// A rollback journal that ends so names a super-journal, which SQLite would delete after the rollback
// (https://www.sqlite.org/fileformat2.html section 3). Ours never has one.
constexpr std::string_view kJournalMagic = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";

bool names_other_files(const fs::path& journal) {
  std::ifstream file(journal, std::ios::binary);
  std::string end(kJournalMagic.size(), '\0');
  file.seekg(-static_cast<std::streamoff>(end.size()), std::ios::end);
  file.read(end.data(), static_cast<std::streamsize>(end.size()));
  return file.good() && end == kJournalMagic;
}

Result<> copy_one(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
  if (error)
    return fail(Failure::measurement,
                "cannot copy the recording to " + to.parent_path().string() + ": " + error.message(),
                from.string(), "set TMPDIR to a folder with room for it");
  return {};
}

std::string state_of(const fs::path& path) {
  const std::optional<std::string> journal = journal_of(path);
  return first_bytes(path, kDatabaseHead) + journal.value_or("") +
         (journal ? first_bytes(path.string() + *journal, kJournalHead) : "");
}

// True: copied. False: the database or its journal changed meanwhile.
Result<bool> try_copy(const fs::path& path, const fs::path& to) {
  const std::string before = state_of(path);
  const std::optional<std::string> journal = journal_of(path);
  Result<> copied = copy_one(path, to);
  if (copied && journal) copied = copy_one(path.string() + *journal, to.string() + *journal);
  if (state_of(path) != before) return false;
  if (!copied) return pass_on(copied);
  return true;
}

}  // namespace

std::optional<std::string> journal_of(const fs::path& path) {
  for (const char* journal : {"-wal", "-journal"}) {
    std::error_code error;
    const auto size = fs::file_size(path.string() + journal, error);
    if (!error && size > 0) return journal;
  }
  return std::nullopt;
}

Result<TempFolder> copy_with_journal(const fs::path& path, const std::string& copied_name) {
  for (int i = 0; i < kTries; ++i) {
    Result<TempFolder> folder = TempFolder::make();
    if (!folder) return folder;
    const fs::path copy = folder->path() / copied_name;
    const Result<bool> copied = try_copy(path, copy);
    if (!copied) return pass_on(copied);
    if (!*copied) continue;
    if (names_other_files(copy.string() + "-journal"))
      return fail(Failure::input, "its journal refers to other files", path.string(),
                  "perfwatt writes no such journal; without it the file can be read");
    return folder;
  }
  return fail(Failure::measurement, "is being written too fast to be read", path.string(), "try again");
}

}  // namespace pw
