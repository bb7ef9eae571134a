// SPDX-License-Identifier: GPL-3.0-or-later
// For the tests: the photos and reference answers beside a checkout, which a user's clone does not have.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/text.h"
#include "os/file.h"

namespace pw::inference::test {

inline std::filesystem::path shared_folder() {
  const char* source = std::getenv("PERFWATT_SOURCE_DIR");
  return std::filesystem::path(source ? source : ".") / ".." / "shared";
}

// The rows of a CSV file without quotes, by column name; none where the file is absent.
inline std::vector<std::map<std::string, std::string>> rows_of(const std::filesystem::path& csv) {
  std::vector<std::map<std::string, std::string>> rows;
  std::vector<std::string> names;
  for (const std::string& line : split(read_file(csv).value_or(""), '\n')) {
    const std::vector<std::string> fields = split(trim(line), ',');
    if (names.empty()) {
      names = fields;
    } else if (fields.size() == names.size()) {
      rows.emplace_back();
      for (std::size_t i = 0; i < names.size(); ++i) rows.back()[names[i]] = fields[i];
    }
  }
  return rows;
}

}  // namespace pw::inference::test
