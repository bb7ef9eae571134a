// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/files/file_set.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace pw {
namespace {

tl::unexpected<Error> cannot_write(Error error) {
  error.kind = Failure::measurement;
  return tl::unexpected(std::move(error));
}

}  // namespace

Result<FileBeside*> FileSet::add(const std::string& name) {
  Result<FileBeside> made = FileBeside::make(folder_, name);
  if (!made) return cannot_write(std::move(made.error()));
  files_.push_back(std::move(*made));
  names_.push_back(name);
  return &files_.back();
}

Result<> FileSet::put(const std::vector<std::string>& stale) {
  for (std::size_t i = 0; i < files_.size(); ++i)
    if (const int error = files_[i].put(IfThere::replace); error != 0)
      return fail_errno(Failure::measurement, "cannot rename to", error,
                        (folder_.path() / names_[i]).string());
  for (const std::string& name : stale) ::unlinkat(folder_.fd(), name.c_str(), 0);
  return {};
}

Result<> put_files(const Folder& folder, const std::vector<NamedText>& files,
                   const std::vector<std::string>& stale) {
  FileSet set(folder);
  for (const NamedText& file : files) {
    const Result<FileBeside*> made = set.add(file.name);
    if (!made) return pass_on(made);
    if (Result<> written = (*made)->write(file.content); !written) return written;
  }
  return set.put(stale);
}

std::optional<std::string> first_bytes_of(const Folder& folder, const std::string& name, std::size_t size) {
  if (::faccessat(folder.fd(), name.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
  const Descriptor file(::openat(folder.fd(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat what {};
  if (!file || ::fstat(file.fd(), &what) != 0 || !S_ISREG(what.st_mode)) return "";
  std::string bytes(size, '\0');
  const ssize_t got = ::pread(file.fd(), bytes.data(), size, 0);
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

tl::unexpected<Error> fail_not_ours(const Folder& folder, const std::string& name) {
  return fail(Failure::input, "is there, and perfwatt did not make it", (folder.path() / name).string(),
              "--out names another folder");
}

}  // namespace pw
