// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/snapshot.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <string_view>
#include <system_error>

#include "os/descriptor.h"
#include "store/files/file_head.h"

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

tl::unexpected<Error> cannot_copy(const std::string& why, const fs::path& from, const fs::path& to) {
  return fail(Failure::measurement, "cannot copy the recording to " + to.parent_path().string() + ": " + why,
              from.string(), "set TMPDIR to a folder with room for it");
}

// Whether there is room for what is written of `from`, which may say that it is much longer.
Result<> check_room(int from, const fs::path& name, const fs::path& to) {
  struct stat what {};
  struct statvfs disk {};
  if (::fstat(from, &what) != 0 || ::statvfs(to.parent_path().c_str(), &disk) != 0) return {};
  const auto bytes = static_cast<std::uint64_t>(what.st_blocks) * 512;
  const std::uint64_t room = disk.f_bavail * disk.f_frsize / 10 * 9;
  if (bytes <= room) return {};
  return cannot_copy(fmt::format("it has {} MB, and {} MB are free there", bytes >> 20, room >> 20), name,
                     to);
}

// 0, or errno.
int copy_range(int from, int to, off_t begin, off_t end) {
  char buffer[65536];
  while (begin < end) {
    const auto size = static_cast<std::size_t>(std::min<off_t>(end - begin, sizeof buffer));
    const ssize_t got = ::pread(from, buffer, size, begin);
    if (got <= 0) return got < 0 ? errno : 0;  // it was cut short meanwhile
    const ssize_t put = ::pwrite(to, buffer, static_cast<std::size_t>(got), begin);
    if (put <= 0) return put < 0 ? errno : ENOSPC;
    begin += put;
  }
  return 0;
}

// With its holes, which are no bytes of the disk: 0, or errno.
int copy_data(int from, int to) {
  off_t end = 0;
  while (true) {
    const off_t begin = ::lseek(from, end, SEEK_DATA);
    if (begin < 0) break;
    end = ::lseek(from, begin, SEEK_HOLE);
    if (end < 0) break;
    if (const int error = copy_range(from, to, begin, end)) return error;
  }
  if (errno != ENXIO) return errno;
  const off_t size = ::lseek(from, 0, SEEK_END);
  return ::ftruncate(to, size) == 0 ? 0 : errno;
}

Result<> copy_one(const fs::path& from, const fs::path& to) {
  const Descriptor source(::open(from.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
  if (!source) return cannot_copy(std::generic_category().message(errno), from, to);
  if (auto room = check_room(source.fd(), from, to); !room) return room;
  const Descriptor copy(::open(to.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600));
  const int error = copy ? copy_data(source.fd(), copy.fd()) : errno;
  if (error != 0) return cannot_copy(std::generic_category().message(error), from, to);
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
    struct stat what {};
    if (::lstat((path.string() + journal).c_str(), &what) == 0 && S_ISREG(what.st_mode) && what.st_size > 0)
      return journal;
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
