// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/sqlite/sqlite.h"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <cerrno>
#include <cmath>

#include "base/text.h"
#include "store/sqlite/folder_vfs.h"

namespace pw {
namespace {

// How long to wait for another process's lock. A recorder waits long: somebody who reads its file must not
// end the measurement.
constexpr int kReaderWaits_ms = 10'000;
constexpr int kWriterWaits_ms = 300'000;

// SQLite says SQLITE_FULL for ENOSPC only, and remembers the errno of a failed COMMIT nowhere.
bool no_space(int code, int error) {
  return code == SQLITE_FULL || (code == SQLITE_IOERR && (error == ENOSPC || error == EDQUOT));
}

// It also says SQLITE_FULL where a part of a write was still possible under the limit of this process.
bool at_size_limit(int code, int error, const std::string& where) {
  rlimit limit{};
  struct statvfs disk {};
  if (code == SQLITE_IOERR && error == EFBIG) return true;
  if (code != SQLITE_FULL || ::getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return false;
  return ::statvfs(where.c_str(), &disk) == 0 && disk.f_bavail > 0;
}

// The error that `database` has just had with the file `where`; callers set errno to 0 before the call that
// failed. Reading the wrong bytes is an input that cannot be used; anything else is a failure of ours or of
// the machine.
tl::unexpected<Error> fail_sqlite(sqlite3* database, std::string where) {
  const int system_error = errno;
  const int code = database ? sqlite3_errcode(database) & 0xff : SQLITE_NOMEM;
  if (at_size_limit(code, system_error, where))
    return fail(Failure::measurement, "the file-size limit of this shell is reached (ulimit -f)",
                std::move(where), "raise it: ulimit -f unlimited; what was recorded so far is kept");
  if (no_space(code, system_error))
    return fail(Failure::measurement, "no space left", std::move(where),
                "free some space or choose another disk; what was recorded so far is kept");
  if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
    return fail(Failure::input, "damaged or cut short", std::move(where));
  if (code == SQLITE_TOOBIG)
    return fail(Failure::input, "damaged: a value larger than the file", std::move(where));
  const std::string what = database ? sqlite3_errmsg(database) : "out of memory";
  const bool cannot_read = code == SQLITE_CANTOPEN || code == SQLITE_PERM || code == SQLITE_ERROR;
  const Failure kind = cannot_read ? Failure::input : Failure::measurement;
  if (system_error != 0 && (code == SQLITE_CANTOPEN || code == SQLITE_IOERR))
    return fail_errno(kind, what, system_error, std::move(where));
  return fail(kind, what, std::move(where));
}

// An SQLite URI, so that `immutable` can be asked for and no name is taken for anything but a file.
std::string uri_of(const std::string& path, Database::Mode mode) {
  if (mode == Database::Mode::memory) return "file::memory:";
  std::string uri = "file:";
  if (!path.empty() && path[0] != '/') uri += "./";
  for (const char c : path)
    uri += c == '?' || c == '#' || c == '%' ? fmt::format("%{:02x}", c) : std::string(1, c);
  return mode == Database::Mode::immutable ? uri + "?immutable=1" : uri;
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
void Database::Close::operator()(sqlite3* database) const { sqlite3_close_v2(database); }

bool Statement::bind(int at, std::int64_t value) {
  return sqlite3_bind_int64(handle_.get(), at, value) == SQLITE_OK;
}

bool Statement::bind(int at, double value) {
  return std::isfinite(value) && sqlite3_bind_double(handle_.get(), at, value) == SQLITE_OK;
}

// The text must live until the statement has run, which it does in run().
bool Statement::bind(int at, std::string_view value) {
  const char* data = value.empty() ? "" : value.data();
  if (is_utf8(value))
    return sqlite3_bind_text64(handle_.get(), at, data, value.size(), SQLITE_STATIC, SQLITE_UTF8) ==
           SQLITE_OK;
  return sqlite3_bind_blob64(handle_.get(), at, data, value.size(), SQLITE_STATIC) == SQLITE_OK;
}

bool Statement::bind(int at, std::span<const std::byte> value) {
  return sqlite3_bind_blob64(handle_.get(), at, value.data(), value.size(), SQLITE_STATIC) == SQLITE_OK;
}

bool Statement::bind_null(int at) { return sqlite3_bind_null(handle_.get(), at) == SQLITE_OK; }

Result<> Statement::fail_bind() {
  sqlite3_clear_bindings(handle_.get());
  return fail(Failure::measurement, "a value cannot be stored (not a finite number, or too large)", where_);
}

Result<> Statement::finish() {
  Result<bool> stepped = step();
  while (stepped && *stepped) stepped = step();
  sqlite3_reset(handle_.get());
  sqlite3_clear_bindings(handle_.get());
  if (!stepped) return pass_on(stepped);
  return {};
}

Result<bool> Statement::step() {
  errno = 0;
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return fail_sqlite(sqlite3_db_handle(handle_.get()), where_);
}

int Statement::columns() const { return sqlite3_column_count(handle_.get()); }

std::string Statement::column_name(int column) const {
  const char* name = sqlite3_column_name(handle_.get(), column);
  return name ? name : "";
}

// Its connection has no mutex (SQLITE_OPEN_NOMUTEX), so that the value needs no protection.
Cell Statement::cell(int column) const { return Cell(sqlite3_column_value(handle_.get(), column)); }

static_assert(SQLITE_INTEGER == 1 && SQLITE_FLOAT == 2 && SQLITE3_TEXT == 3 && SQLITE_BLOB == 4 &&
              SQLITE_NULL == 5);
CellType Cell::type() const { return static_cast<CellType>(sqlite3_value_type(value_)); }

std::int64_t Cell::integer() const { return sqlite3_value_int64(value_); }

double Cell::real() const { return sqlite3_value_double(value_); }

std::string_view Cell::text() const {
  const auto* data = static_cast<const char*>(sqlite3_value_blob(value_));
  const int size = sqlite3_value_bytes(value_);
  return data && size > 0 ? std::string_view(data, static_cast<std::size_t>(size)) : std::string_view();
}

namespace {

int access_of(Database::Mode mode) {
  if (mode == Database::Mode::record) return SQLITE_OPEN_READWRITE;
  const bool writes = mode == Database::Mode::write || mode == Database::Mode::memory;
  return writes ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
}

}  // namespace

Result<Database> Database::open(const std::string& path, Mode mode) {
  sqlite3* raw = nullptr;
  errno = 0;
  const int code = sqlite3_open_v2(uri_of(path, mode).c_str(), &raw,
                                   access_of(mode) | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
                                   mode == Mode::record ? folder_vfs() : nullptr);
  std::unique_ptr<sqlite3, Close> handle(raw);
  if (code != SQLITE_OK) return fail_sqlite(raw, path);
  const bool reads = mode == Mode::read || mode == Mode::immutable;
  sqlite3_busy_timeout(raw, reads ? kReaderWaits_ms : kWriterWaits_ms);
  return Database(std::move(handle), path);
}

Result<std::string> Database::image() {
  sqlite3_int64 size = 0;
  const std::unique_ptr<unsigned char, decltype(&sqlite3_free)> bytes(
      sqlite3_serialize(handle(), "main", &size, 0), sqlite3_free);
  if (!bytes) return fail(Failure::measurement, "out of memory", path_);
  return std::string(reinterpret_cast<const char*>(bytes.get()), static_cast<std::size_t>(size));
}

// https://www.sqlite.org/security.html
Result<> Database::harden(std::uint64_t bytes) {
  static constexpr std::uint64_t kGrowth = 64 << 20;  // of a recording that is under way
  static constexpr std::uint64_t kLongest = 1 << 30;
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_limit(handle(), SQLITE_LIMIT_LENGTH, static_cast<int>(std::min(bytes + kGrowth, kLongest)));
  sqlite3_limit(handle(), SQLITE_LIMIT_ATTACHED, 0);
  return exec("PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA query_only=ON");
}

Result<> Database::exec(const std::string& sql) {
  errno = 0;
  if (sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return fail_sqlite(handle(), path_);
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  errno = 0;
  const int code = sqlite3_prepare_v3(handle(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) return fail_sqlite(handle(), path_);
  return Statement(statement, path_);
}

Result<Statement*> Database::insertion(std::string_view table, std::size_t values) {
  if (const auto found = insertions_.find(table); found != insertions_.end()) return &found->second;
  std::string sql = fmt::format("INSERT INTO {} VALUES(?", table);
  for (std::size_t i = 1; i < values; ++i) sql += ",?";
  Result<Statement> statement = prepare(sql + ")");
  if (!statement) return pass_on(statement);
  return &insertions_.emplace(table, std::move(*statement)).first->second;
}

// After SQLITE_FULL and the like SQLite has rolled back already: then this fails, and nothing is lost.
void Database::rollback() { sqlite3_exec(handle(), "ROLLBACK", nullptr, nullptr, nullptr); }

}  // namespace pw
