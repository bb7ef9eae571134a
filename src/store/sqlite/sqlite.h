// SPDX-License-Identifier: GPL-3.0-or-later
// The part of libsqlite3 that the store uses, with errors as pw::Error.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/units.h"

struct sqlite3;
struct sqlite3_stmt;
struct sqlite3_value;

namespace pw {

enum class CellType { integer = 1, real = 2, text = 3, blob = 4, null = 5 };  // SQLite's numbers

// A column of the row that a statement stands on; valid until its next step.
class Cell {
 public:
  CellType type() const;
  std::int64_t integer() const;
  double real() const;
  std::string_view text() const;  // TEXT or BLOB

 private:
  friend class Statement;
  explicit Cell(sqlite3_value* value) : value_(value) {}
  sqlite3_value* value_;
};

class Statement {
 public:
  // Binds `values` to the parameters in order and runs to the end. Text that is not UTF-8 is bound as a
  // BLOB, nothing as NULL; a number that is not finite is an error.
  template <class... Values>
  Result<> run(const Values&... values) {
    int at = 0;
    bool bound = true;
    ((bound = bind(++at, values) && bound), ...);
    if (!bound) return fail_bind();
    return finish();
  }

  // Steps to the next row; false: there is none.
  Result<bool> step();

  int columns() const;
  std::string column_name(int column) const;
  Cell cell(int column) const;

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  Statement(sqlite3_stmt* statement, std::string where) : handle_(statement), where_(std::move(where)) {}

  bool bind(int at, std::int64_t value);
  bool bind(int at, int value) { return bind(at, static_cast<std::int64_t>(value)); }
  bool bind(int at, bool value) { return bind(at, static_cast<std::int64_t>(value)); }
  bool bind(int at, double value);
  bool bind(int at, std::string_view value);
  bool bind(int at, const std::string& value) { return bind(at, std::string_view(value)); }
  bool bind(int at, std::span<const std::byte> value);
  bool bind_null(int at);
  template <class Tag, class Number>
  bool bind(int at, Quantity<Tag, Number> value) {
    return bind(at, value.value);
  }
  template <class T>
  bool bind(int at, const std::optional<T>& value) {
    return value ? bind(at, *value) : bind_null(at);
  }
  Result<> fail_bind();
  Result<> finish();

  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
  std::string where_;
};

class Database {
 public:
  enum class Mode {
    write,     // an existing file, or a new one
    record,    // RecordingFile::path_by_descriptor(), with folder_vfs()
    memory,    // of no file
    read,      // read only, with SQLite's locks
    immutable  // read only, no locks, no journal: the file does not change and stands alone
  };
  static Result<Database> open(const std::string& path, Mode mode);

  // For reading a file of `bytes` from a stranger: no views, triggers or functions of its own, no value that
  // is much longer than the file, no writing.
  Result<> harden(std::uint64_t bytes);

  // The whole database as a file has it.
  Result<std::string> image();

  Result<> exec(const std::string& sql);
  Result<Statement> prepare(std::string_view sql);

  // INSERT of one whole row; the statement of a table is prepared once.
  template <class... Values>
  Result<> insert(std::string_view table, const Values&... values) {
    const Result<Statement*> statement = insertion(table, sizeof...(values));
    if (!statement) return pass_on(statement);
    return (*statement)->run(values...);
  }

  // Runs `work` (which returns a Result<>) between BEGIN and COMMIT; where either fails nothing is changed.
  template <class Work>
  Result<> transaction(Work&& work) {
    if (auto begun = exec("BEGIN IMMEDIATE"); !begun) return begun;
    Result<> done = work();
    if (done) done = exec("COMMIT");
    if (!done) rollback();
    return done;
  }

  sqlite3* handle() { return handle_.get(); }

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  Database(std::unique_ptr<sqlite3, Close> handle, std::string path)
      : handle_(std::move(handle)), path_(std::move(path)) {}
  Result<Statement*> insertion(std::string_view table, std::size_t values);
  void rollback();

  std::unique_ptr<sqlite3, Close> handle_;
  std::string path_;
  std::map<std::string, Statement, std::less<>> insertions_;  // after handle_: finalized before it closes
};

// A run of insertions, of which the first failure counts and ends it.
class Inserter {
 public:
  explicit Inserter(Database& database) : database_(database) {}
  template <class... Values>
  void add(std::string_view table, const Values&... values) {
    if (result_) result_ = database_.insert(table, values...);
  }
  const Result<>& result() const { return result_; }

 private:
  Database& database_;
  Result<> result_;
};

}  // namespace pw
