// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/open_recording.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/text.h"
#include "model/recording.h"
#include "store/files/file_head.h"
#include "store/schema.h"
#include "store/snapshot.h"
#include "store/writer_lock.h"

namespace pw {
namespace fs = std::filesystem;
namespace {

Result<> check_head(const FileHead& head, const fs::path& path, bool has_journal) {
  if (head.application_id != kApplicationId)
    return fail(Failure::input, "an SQLite database, but no perfwatt recording", path.string());
  if (head.user_version < 1) return fail(Failure::input, "damaged: it has no layout version", path.string());
  if (!has_journal && head.file_bytes < head.stated_bytes)
    return fail(Failure::input,
                fmt::format("cut short: {} of {} bytes are there", head.file_bytes, head.stated_bytes),
                path.string(), "copy it again from where it was recorded");
  return {};
}

// A file that nobody writes. In WAL mode it can only be read as `immutable`: SQLite would make files beside
// it.
Result<OpenRecording> open_in_place(const fs::path& path, const FileHead& head) {
  const auto mode = head.has_log ? Database::Mode::immutable : Database::Mode::read;
  Result<Database> database = Database::open(path.string(), mode);
  if (!database) return pass_on(database);
  return OpenRecording{std::nullopt, std::move(*database), path};
}

Result<OpenRecording> open_copy(const fs::path& path) {
  static constexpr const char* name = "copy.perfwatt";
  Result<TempFolder> folder = copy_with_journal(path, name);
  if (!folder) return pass_on(folder);
  const fs::path copy = folder->path() / name;
  Result<Database> database = Database::open(copy.string(), Database::Mode::write);
  if (!database) return pass_on(database);
  return OpenRecording{std::move(*folder), std::move(*database), copy};
}

// Not much more than the disk has of it: a file that is nearly all holes holds little.
std::uint64_t size_of(const fs::path& path) {
  constexpr std::uint64_t kBest = 16, kSpare = 64 << 20;  // what a file system may have compressed
  struct stat what {};
  if (::stat(path.c_str(), &what) != 0) return 0;
  return std::min(static_cast<std::uint64_t>(what.st_size),
                  static_cast<std::uint64_t>(what.st_blocks) * 512 * kBest + kSpare);
}

std::uint64_t size_with_journal(const fs::path& path) {
  const auto journal = journal_of(path);
  return size_of(path) + (journal ? size_of(path.string() + *journal) : 0);
}

// "perfwatt 3.1, layout 7"; the version may be missing in a layout that we do not know.
std::string recorded_by(Database& database, std::int64_t layout) {
  Result<Statement> statement = database.prepare("SELECT version FROM recording");
  std::string version;
  if (statement)
    if (const auto row = statement->step(); row && *row && statement->cell(0).type() == CellType::text)
      version = printable(statement->cell(0).text().substr(0, 40));
  return version.empty() ? fmt::format("layout {}", layout)
                         : fmt::format("perfwatt {}, layout {}", version, layout);
}

Result<> check_layout(Database& database, std::int64_t layout, const fs::path& path) {
  if (std::ranges::count(kUnreleasedLayouts, layout) > 0)
    return fail(Failure::input, fmt::format("of layout {}, which was never released and is not read", layout),
                path.string(), "record again");
  if (layout > kSchemaVersion)
    return fail(Failure::input,
                fmt::format("made by a newer perfwatt ({}); this one reads layout {}",
                            recorded_by(database, layout), kSchemaVersion),
                path.string(), "read it with that perfwatt or a newer one");
  const Result<bool> ours = has_our_tables(database);
  if (!ours) return pass_on(ours);
  if (!*ours)
    return fail(Failure::input,
                "damaged, or older than the first release: its tables are not those of a recording",
                path.string(), "record again");
  return {};
}

}  // namespace

Result<OpenRecording> open_recording(const fs::path& path) {
  const bool being_written = is_being_written(path);  // asked first: nobody begins to write a whole one
  const Result<FileHead> head = read_file_head(path);
  if (!head) return pass_on(head);
  std::error_code error;
  const fs::path real = fs::canonical(path, error);  // its journals lie where a link points to
  const bool has_journal = journal_of(real).has_value();
  if (auto usable = check_head(*head, path, has_journal); !usable) return pass_on(usable);
  Result<OpenRecording> opened = has_journal || being_written ? open_copy(real) : open_in_place(real, *head);
  Result<> usable =
      opened ? opened->database.harden(size_with_journal(opened->file)) : Result<>(pass_on(opened));
  if (usable) usable = opened->database.exec("BEGIN");  // all tables as of one moment
  if (usable) usable = check_layout(opened->database, head->user_version, path);
  if (usable) opened->bytes = size_with_journal(opened->file);
  if (opened) opened->copy.reset();  // it is open: nothing is left of it however we end
  if (usable) return opened;
  usable.error().where = path.string();
  return pass_on(usable);
}

}  // namespace pw
