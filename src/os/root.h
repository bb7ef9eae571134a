// SPDX-License-Identifier: GPL-3.0-or-later
// procfs and sysfs under a root that tests can put elsewhere.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace pw {

class Root {
 public:
  explicit Root(std::filesystem::path base = "/") : base_(std::move(base)) {}

  // The trimmed content of base/path; nothing where it cannot be read.
  std::optional<std::string> text(const std::filesystem::path& path) const;

  // The content as it is, of a binary property for one.
  std::optional<std::string> bytes(const std::filesystem::path& path) const;

  // The text as a whole number.
  std::optional<long> number(const std::filesystem::path& path) const;

  // Sorted names in the folder base/path; none where it cannot be listed.
  std::vector<std::string> names(const std::filesystem::path& path) const;

  bool exists(const std::filesystem::path& path) const;

 private:
  std::filesystem::path base_;
};

}  // namespace pw
