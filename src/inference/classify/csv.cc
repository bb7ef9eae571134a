// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/classify/csv.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>

#include "inference/classify/report.h"
#include "os/file.h"
#include "os/folder.h"

namespace pw::inference {
namespace {

// A file in the folder of `path` that goes with its descriptor.
Result<Descriptor> open_nameless(const std::filesystem::path& path) {
  const Result<Folder> folder = Folder::of(path);
  if (!folder) return pass_on(folder);
  Result<FileBeside> file = FileBeside::make(*folder, path.filename().string());
  if (!file) return pass_on(file);
  return file->take();
}

}  // namespace

Result<CsvFile> CsvFile::open(const std::string& path) {
  CsvFile file;
  if (path.empty()) return file;
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(path, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    return fail(Failure::input, "it is no regular file", path, "--csv needs a file that can be replaced");
  Result<Descriptor> rows = open_nameless(path);
  if (!rows) return pass_on(rows);
  file.path_ = path;
  file.rows_.reset(::fdopen(rows->fd(), "w+"));
  if (!file.rows_) return fail(Failure::measurement, "not enough memory", path);
  rows->release();
  file.add(kCsvHeader);
  return file;
}

void CsvFile::add(const std::string& row) {
  if (rows_) std::fwrite(row.data(), 1, row.size(), rows_.get());
}

Result<> CsvFile::finish() {
  if (!rows_) return {};
  struct stat now {};
  if (std::fflush(rows_.get()) != 0 || std::ferror(rows_.get()) || ::fstat(::fileno(rows_.get()), &now) != 0)
    return fail_errno(Failure::measurement, "cannot write", errno, path_);
  const auto size = static_cast<std::size_t>(now.st_size);
  void* bytes = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, ::fileno(rows_.get()), 0);
  if (bytes == MAP_FAILED) return fail_errno(Failure::measurement, "cannot read back", errno, path_);
  Result<> written = write_file(path_, {static_cast<const char*>(bytes), size});
  ::munmap(bytes, size);
  return written;
}

}  // namespace pw::inference
