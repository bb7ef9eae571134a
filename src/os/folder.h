// SPDX-License-Identifier: GPL-3.0-or-later
// Folders as descriptors: what is written into one lands there, wherever its name leads meanwhile.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "os/descriptor.h"

namespace pw {

class Folder {
 public:
  // Root goes through links of root's alone: others' could lead its writing anywhere. Fails: not_possible for
  // such a link, input where there is no such folder.
  static Result<Folder> open(const std::filesystem::path& path);
  // The same; what is missing is made, with `mode` as the umask allows.
  static Result<Folder> make(const std::filesystem::path& path, mode_t mode = 0777);
  // The folder that `path` lies in.
  static Result<Folder> of(const std::filesystem::path& path);

  int fd() const { return at_.fd(); }  // O_PATH
  const std::filesystem::path& path() const { return path_; }

 private:
  Folder(Descriptor at, std::filesystem::path path) : at_(std::move(at)), path_(std::move(path)) {}
  Descriptor at_;
  std::filesystem::path path_;
};

enum class IfThere { refuse, replace };

// A new file that has a name of its own beside its place until it is put there; gone with the object if it
// never was. The folder must outlive it.
class FileBeside {
 public:
  // Fails: input, where the disk has no fault.
  static Result<FileBeside> make(const Folder& folder, const std::string& name);
  FileBeside(FileBeside&& other) noexcept;
  FileBeside& operator=(FileBeside&& other) = delete;
  ~FileBeside();

  int fd() const { return file_.fd(); }
  Result<> write(std::string_view content);
  // As `name`, or as it was made for. 0, or errno: EEXIST where it may not replace what is there.
  int put(IfThere how, const std::string& name = {});
  Descriptor take() { return std::move(file_); }

 private:
  FileBeside(const Folder& folder, std::string name) : folder_(&folder), name_(std::move(name)) {}
  const Folder* folder_;
  std::string name_, beside_;  // beside_: "" once it is in place
  Descriptor file_;
};

}  // namespace pw
