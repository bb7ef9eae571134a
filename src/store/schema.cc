// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "model/recording.h"

namespace pw {

Result<> create_schema(Database& database) {
  std::string sql =
      fmt::format("PRAGMA application_id={}; PRAGMA user_version={};", kApplicationId, kSchemaVersion);
  for (const Table& table : kTables) sql += fmt::format("{};", table.sql);
  return database.exec(sql);
}

Result<bool> has_our_tables(Database& database) {
  Result<Statement> statement = database.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table'");
  if (!statement) return pass_on(statement);
  std::size_t found = 0;
  while (true) {
    const Result<bool> row = statement->step();
    if (!row) return pass_on(row);
    if (!*row) return found == std::size(kTables);
    found += static_cast<std::size_t>(std::ranges::count_if(kTables, [&](const Table& table) {
      return table.name == statement->cell(0).text() && table.sql == statement->cell(1).text();
    }));
  }
}

}  // namespace pw
