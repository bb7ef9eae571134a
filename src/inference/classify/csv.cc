// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/classify/csv.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>

#include "inference/classify/report.h"
#include "os/file.h"

namespace pw::inference {

Result<CsvFile> CsvFile::open(const std::string& path) {
  CsvFile file;
  if (path.empty()) return file;
  std::error_code ignored;
  const std::filesystem::file_status status = std::filesystem::status(path, ignored);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    return fail(Failure::input, "it is no regular file", path, "--csv needs a file that can be replaced");
  std::string beside = path + ".XXXXXX";
  const int fd = ::mkostemp(beside.data(), O_CLOEXEC);
  if (fd < 0) return fail_errno(Failure::input, "cannot write", errno, path);
  ::unlink(beside.c_str());
  file.path_ = path;
  file.rows_.reset(::fdopen(fd, "w+"));
  if (!file.rows_) {
    ::close(fd);
    return fail(Failure::input, "not enough memory", path);
  }
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
