// SPDX-License-Identifier: GPL-3.0-or-later
// The file of a recording while it is written.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "os/descriptor.h"
#include "os/folder.h"
#include "store/new_file.h"

namespace pw {

// It is locked as long as it is open, and stays the same file wherever its name, or another of that name, has
// gone meanwhile.
class RecordingFile {
 public:
  // make_new_file() in its folder.
  static Result<RecordingFile> make(const std::filesystem::path& path, IfExists how,
                                    std::string_view content);

  const std::filesystem::path& path() const { return path_; }  // that it was made at
  // The same for SQLite (store/sqlite/folder_vfs.h): through the descriptor of its folder.
  std::string path_by_descriptor() const;
  int fd() const { return file_.fd(); }
  bool others_could_plant() const;  // root writes where others may put files beside it
  bool in_place() const;            // its folder has it by its name
  bool deleted() const;
  // Where it stands now: path() as long as that leads there; "": where nobody sees it.
  std::filesystem::path place() const;

  void hold_sidecars();    // those that are there now are its own
  void remove_sidecars();  // the held ones, wherever they are

 private:
  RecordingFile(std::unique_ptr<Folder> folder, std::filesystem::path path, Descriptor file)
      : folder_(std::move(folder)), path_(std::move(path)), file_(std::move(file)) {}

  std::unique_ptr<Folder> folder_;
  std::filesystem::path path_;
  Descriptor file_;
  std::vector<Descriptor> sidecars_;  // O_PATH: to close them ends no lock of SQLite's
};

}  // namespace pw
