// SPDX-License-Identifier: GPL-3.0-or-later
#include "os/folder.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
#include <vector>

namespace pw {
namespace fs = std::filesystem;
namespace {

constexpr int kMostLinks = 40;  // as the kernel has it
constexpr int kPlace = O_PATH | O_NOFOLLOW | O_CLOEXEC;

// Of the kernel: an emulator of programs (qemu-user -L) takes "/" for another folder than that of its paths.
Descriptor root() {
  Descriptor by_kernel(::open("/proc/self/root/", O_PATH | O_CLOEXEC));
  return by_kernel ? std::move(by_kernel) : Descriptor(::open("/", kPlace));
}

// The way to a folder, a name at a time.
class Walk {
 public:
  Walk(const fs::path& path, const mode_t* make) : path_(path.empty() ? "." : path), make_(make) {}

  Result<Descriptor> go() {
    enter(path_);
    while (!left_.empty()) {
      const std::string name = std::move(left_.back());
      left_.pop_back();
      if (Result<> gone = step(name); !gone) return pass_on(gone);
    }
    if (!at_) return failed(errno);
    return std::move(at_);
  }

 private:
  void enter(const fs::path& path) {
    if (path.is_absolute() || !at_) at_ = path.is_absolute() ? root() : Descriptor(::open(".", kPlace));
    std::vector<std::string> names;
    for (const fs::path& name : path.relative_path())
      if (!name.empty() && name != ".") names.push_back(name.string());
    left_.insert(left_.end(), names.rbegin(), names.rend());
  }

  Result<> step(const std::string& name) {
    Descriptor next(::openat(at_.fd(), name.c_str(), kPlace));
    if (!next && errno == ENOENT && make_ &&
        (::mkdirat(at_.fd(), name.c_str(), *make_) == 0 || errno == EEXIST))
      next = Descriptor(::openat(at_.fd(), name.c_str(), kPlace));
    struct stat what {};
    if (!next || ::fstat(next.fd(), &what) != 0) return failed(errno);
    if (S_ISLNK(what.st_mode)) return follow(next, what.st_uid, name);
    if (!S_ISDIR(what.st_mode)) return failed(ENOTDIR);
    at_ = std::move(next);
    return {};
  }

  Result<> follow(const Descriptor& link, uid_t owner, const std::string& name) {
    if (::geteuid() == 0 && owner != 0)
      return fail(Failure::not_possible,
                  fmt::format("'{}' is a link of user {}, through which root does not write", name, owner),
                  path_.string(), "name the folder that it leads to");
    char target[PATH_MAX];
    const ssize_t size = ::readlinkat(link.fd(), "", target, sizeof target);
    if (size < 0) return failed(errno);
    if (++links_ > kMostLinks) return failed(ELOOP);
    enter(std::string(target, static_cast<std::size_t>(size)));
    return {};
  }

  tl::unexpected<Error> failed(int error) const {
    return fail_errno(Failure::input, make_ ? "cannot make the folder" : "cannot open the folder", error,
                      path_.string());
  }

  fs::path path_;
  const mode_t* make_;
  Descriptor at_;
  std::vector<std::string> left_;  // the next is the last
  int links_ = 0;
};

std::string random_end() {
  static constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz012345";
  unsigned char bytes[6] = {};
  if (::getrandom(bytes, sizeof bytes, 0) < 0) return "." + std::to_string(::getpid());
  std::string end = ".";
  for (const unsigned char byte : bytes) end += kLetters[byte % kLetters.size()];
  return end;
}

// Renames where nothing of that name exists, also where the file system cannot do so in one step.
int rename_no_replace(int folder, const char* from, const char* to) {
  if (::renameat2(folder, from, folder, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS) return errno;
  if (::linkat(folder, from, folder, to, 0) == 0) return ::unlinkat(folder, from, 0) == 0 ? 0 : errno;
  if (errno == EEXIST) return errno;
  if (::faccessat(folder, to, F_OK, AT_SYMLINK_NOFOLLOW) == 0) return EEXIST;
  return ::renameat(folder, from, folder, to) == 0 ? 0 : errno;
}

}  // namespace

Result<Folder> Folder::open(const fs::path& path) {
  Result<Descriptor> at = Walk(path, nullptr).go();
  return at ? Result<Folder>(Folder(std::move(*at), path)) : pass_on(at);
}

Result<Folder> Folder::make(const fs::path& path, mode_t mode) {
  Result<Descriptor> at = Walk(path, &mode).go();
  return at ? Result<Folder>(Folder(std::move(*at), path)) : pass_on(at);
}

Result<Folder> Folder::of(const fs::path& path) {
  return open(path.has_parent_path() ? path.parent_path() : ".");
}

Result<FileBeside> FileBeside::make(const Folder& folder, const std::string& name) {
  FileBeside made(folder, name);
  for (int tries = 0; !made.file_ && tries < 100; ++tries) {
    const std::string beside = name + random_end();
    made.file_ = Descriptor(
        ::openat(folder.fd(), beside.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
    if (made.file_) made.beside_ = beside;
    if (!made.file_ && errno != EEXIST) break;
  }
  if (!made.file_) return fail_errno(Failure::input, "cannot write", errno, (folder.path() / name).string());
  return made;
}

FileBeside::FileBeside(FileBeside&& other) noexcept
    : folder_(other.folder_),
      name_(std::move(other.name_)),
      beside_(std::exchange(other.beside_, {})),
      file_(std::move(other.file_)) {}

FileBeside::~FileBeside() {
  if (!beside_.empty()) ::unlinkat(folder_->fd(), beside_.c_str(), 0);
}

Result<> FileBeside::write(std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file_.fd(), content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0)
      return fail_errno(Failure::measurement, "cannot write", errno, (folder_->path() / name_).string());
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

int FileBeside::put(IfThere how, const std::string& name) {
  const char* const place = (name.empty() ? name_ : name).c_str();
  int error = 0;
  if (how == IfThere::refuse)
    error = rename_no_replace(folder_->fd(), beside_.c_str(), place);
  else if (::renameat(folder_->fd(), beside_.c_str(), folder_->fd(), place) != 0)
    error = errno;
  if (error == 0) beside_.clear();
  return error;
}

}  // namespace pw
