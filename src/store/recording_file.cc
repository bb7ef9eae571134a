// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/recording_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>
#include <utility>

namespace pw {
namespace fs = std::filesystem;
namespace {

// Where the file that is open as `fd` stands; "": nowhere.
fs::path place_of(int fd) {
  std::error_code error;
  const fs::path place = fs::read_symlink(fmt::format("/proc/self/fd/{}", fd), error);
  if (!error && same_file(fd, AT_FDCWD, place.c_str(), AT_SYMLINK_NOFOLLOW)) return place;
  return {};
}

}  // namespace

Result<RecordingFile> RecordingFile::make(const fs::path& path, IfExists how, std::string_view content) {
  Result<Folder> opened = Folder::of(path);
  if (!opened) {
    opened.error().kind = Failure::measurement;  // it was there before the sources were opened
    return pass_on(opened);
  }
  auto folder = std::make_unique<Folder>(std::move(*opened));
  Result<NewFile> made = make_new_file(*folder, path, how, content);
  if (!made) return pass_on(made);
  return RecordingFile(std::move(folder), std::move(made->path), std::move(made->file));
}

std::string RecordingFile::path_by_descriptor() const {
  return fmt::format("/proc/self/fd/{}/{}", folder_->fd(), path_.filename().string());
}

bool RecordingFile::others_could_plant() const {
  struct stat what {};
  return ::geteuid() == 0 && ::fstat(folder_->fd(), &what) == 0 &&
         (what.st_uid != 0 || (what.st_mode & (S_IWGRP | S_IWOTH)) != 0);
}

bool RecordingFile::in_place() const {
  return same_file(file_.fd(), folder_->fd(), path_.filename().c_str(), AT_SYMLINK_NOFOLLOW);
}

bool RecordingFile::deleted() const {
  struct stat now {};
  return ::fstat(file_.fd(), &now) == 0 && now.st_nlink == 0;
}

fs::path RecordingFile::place() const {
  return same_file(file_.fd(), AT_FDCWD, path_.c_str(), 0) ? path_ : place_of(file_.fd());
}

void RecordingFile::hold_sidecars() {
  for (const char* sidecar : kSidecars) {
    const std::string name = path_.filename().string() + sidecar;
    Descriptor held(::openat(folder_->fd(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (held) sidecars_.push_back(std::move(held));
  }
}

void RecordingFile::remove_sidecars() {
  for (const Descriptor& held : sidecars_) {
    const fs::path place = place_of(held.fd());
    const Result<Folder> folder = place.empty() ? fail(Failure::input, "") : Folder::of(place);
    if (folder && same_file(held.fd(), folder->fd(), place.filename().c_str(), AT_SYMLINK_NOFOLLOW))
      ::unlinkat(folder->fd(), place.filename().c_str(), 0);
  }
  sidecars_.clear();
}

}  // namespace pw
