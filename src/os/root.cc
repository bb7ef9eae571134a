// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/root.h"

#include <algorithm>

#include "base/text.h"
#include "os/file.h"

namespace pw {
namespace fs = std::filesystem;

std::optional<std::string> Root::bytes(const fs::path& path) const {
  Result<std::string> content = read_kernel_file(base_ / path);
  return content ? std::optional(std::move(*content)) : std::nullopt;
}

std::optional<std::string> Root::text(const fs::path& path) const {
  const std::optional<std::string> content = bytes(path);
  return content ? std::optional(std::string(trim(*content))) : std::nullopt;
}

std::optional<long> Root::number(const fs::path& path) const {
  const std::optional<std::string> content = text(path);
  return content ? parse_integer(*content) : std::nullopt;
}

std::vector<std::string> Root::names(const fs::path& path) const {
  std::vector<std::string> found;
  std::error_code error;
  for (fs::directory_iterator at(base_ / path, error), end; !error && at != end; at.increment(error))
    found.push_back(at->path().filename().string());
  std::sort(found.begin(), found.end());
  return found;
}

bool Root::exists(const fs::path& path) const {
  std::error_code error;
  return fs::exists(base_ / path, error);
}

}  // namespace pw
