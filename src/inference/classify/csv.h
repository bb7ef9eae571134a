// SPDX-License-Identifier: GPL-3.0-or-later
// The CSV file of classify: rows go to disk as they come, and the file appears when all are there.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "base/result.h"

namespace pw::inference {

class CsvFile {
 public:
  // Refuses now (Failure::input) what could not be written, or should not be replaced, when the work is done.
  // An empty path: a file that takes everything and is nowhere.
  static Result<CsvFile> open(const std::string& path);

  void add(const std::string& row);

  // Puts the file where it was asked for. An Error (Failure::measurement) also where a row could not be kept.
  Result<> finish();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Close> rows_;  // beside `path_`, without a name, so that nothing is left behind
};

}  // namespace pw::inference
