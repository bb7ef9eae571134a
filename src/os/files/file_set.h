// SPDX-License-Identifier: GPL-3.0-or-later
// Files that belong together.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "os/folder.h"

namespace pw {

struct NamedText {
  std::string name;  // of a file in the folder
  std::string content;
};

// New files of a folder, which must outlive it. Until they are put, and where one cannot be written, the
// folder stays as it was.
class FileSet {
 public:
  explicit FileSet(const Folder& folder) : folder_(folder) {}
  // What to write to, until the next is added.
  Result<FileBeside*> add(const std::string& name);
  // Puts all of them in their places, and then removes `stale`.
  Result<> put(const std::vector<std::string>& stale);

 private:
  const Folder& folder_;
  std::vector<FileBeside> files_;
  std::vector<std::string> names_;
};

// Makes a set of `files` and puts it.
Result<> put_files(const Folder& folder, const std::vector<NamedText>& files,
                   const std::vector<std::string>& stale);

// The first `size` bytes of a regular file; "" of anything else that is called so; nothing where nothing is.
std::optional<std::string> first_bytes_of(const Folder& folder, const std::string& name, std::size_t size);

// What is in the way of `name` and may not be replaced: Failure::input.
tl::unexpected<Error> fail_not_ours(const Folder& folder, const std::string& name);

}  // namespace pw
