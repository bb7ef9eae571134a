// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/prometheus_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "cli/common.h"
#include "export/prometheus_text.h"
#include "os/files/file_set.h"

namespace pw {
namespace {

// node_exporter is another user, whatever our umask is.
constexpr mode_t kForAll = 0644;
constexpr double kLeastSeconds = 0.9;  // between two files; an interval of 1 s is at times a bit less

}  // namespace

Result<std::unique_ptr<PrometheusFile>> PrometheusFile::make(const std::filesystem::path& path,
                                                             const RecordingHeader& header,
                                                             WatchObserver& next) {
  Result<Folder> folder = Folder::of(path);
  if (!folder) return pass_on(folder);
  const std::string name = path.filename().string();
  const auto there = first_bytes_of(*folder, name, kPrometheusBeginning.size());
  if (there && *there != kPrometheusBeginning)
    return fail(Failure::input, "is there, and perfwatt did not make it", path.string(),
                "name another file for --prometheus");
  std::unique_ptr<PrometheusFile> file(new PrometheusFile(std::move(*folder), name, header, next));
  if (Result<> written = file->write(); !written) {
    written.error().kind = Failure::input;
    return pass_on(written);
  }
  return file;
}

Result<> PrometheusFile::write() {
  Result<FileBeside> file = FileBeside::make(folder_, name_);
  if (!file) return pass_on(file);
  struct stat what {};
  if (Result<> written = file->write(metrics_.text()); !written) return written;
  if (::fchmod(file->fd(), kForAll) != 0 || ::fstat(file->fd(), &what) != 0)
    return fail_errno(Failure::measurement, "cannot write", errno, (folder_.path() / name_).string());
  if (const int error = file->put(IfThere::replace); error != 0)
    return fail_errno(Failure::measurement, "cannot rename to", error, (folder_.path() / name_).string());
  written_ = Identity{what.st_dev, what.st_ino};
  return {};
}

// What another perfwatt has put there meanwhile stays.
void PrometheusFile::remove() {
  struct stat what {};
  if (written_ && ::fstatat(folder_.fd(), name_.c_str(), &what, AT_SYMLINK_NOFOLLOW) == 0 &&
      what.st_dev == written_->device && what.st_ino == written_->inode)
    ::unlinkat(folder_.fd(), name_.c_str(), 0);
  written_.reset();
}

void PrometheusFile::samples(std::span<const PowerSample> samples) {
  metrics_.add(samples);
  next_->samples(samples);
}

bool PrometheusFile::interval(Seconds elapsed) {
  if ((elapsed - last_).value >= kLeastSeconds) {
    last_ = elapsed;
    const bool well = result_.has_value();
    result_ = write();
    if (!result_) remove();  // an old one would be taken for the power now
    if (well && !result_) warn(one_line(result_.error()) + " (it is tried again)");
  }
  return next_->interval(elapsed);
}

}  // namespace pw
