// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/files/file_head.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "os/descriptor.h"

namespace pw {
namespace fs = std::filesystem;
namespace {

using namespace std::string_view_literals;

// Offsets: the SQLite file format, section 1.3, https://www.sqlite.org/fileformat2.html
constexpr std::size_t kHeadSize = 100;
constexpr std::string_view kMagic = "SQLite format 3\0"sv;

// What people take for a recording.
constexpr std::pair<std::string_view, std::string_view> kLookalikes[] = {
    {"PERFILE2", "perf's perf.data"},
    {"\x7f"
     "ELF",
     "a program"},
    {"PK\x03\x04", "a zip archive"},
    {"\x1f\x8b", "a gzip archive"},
    {"\xfd"
     "7zXZ",
     "an xz archive"},
    {"(\xb5/\xfd", "a zstd archive"},
    {"test,pass,", "an export of a recording"},
    {"{", "JSON"},
    {"<", "a web page"},
    {"#!", "a script"},
};

std::uint64_t big_endian(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (const char c : bytes.substr(at, size)) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

tl::unexpected<Error> fail_not_sqlite(std::string_view head, const fs::path& path) {
  if (head.empty())
    return fail(Failure::input, "not a recording: the file is empty", path.string(),
                "a perfwatt that was killed at once leaves an empty file");
  for (const auto& [start, name] : kLookalikes)
    if (head.starts_with(start))
      return fail(Failure::input, fmt::format("not a recording: looks like {}", name), path.string());
  return fail(Failure::input, "not a recording", path.string(), "recordings are made by 'perfwatt run'");
}

Result<> check_regular(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status))
    return fail_errno(Failure::input, "cannot open", error ? error.value() : ENOENT, path.string());
  if (fs::is_directory(status)) return fail(Failure::input, "a folder, not a recording", path.string());
  if (!fs::is_regular_file(status))
    return fail(Failure::input, "not a recording: it is no regular file", path.string(),
                "name the file that perfwatt run wrote");
  return {};
}

Result<std::string> read_first(const fs::path& path, std::size_t size) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file) return fail_errno(Failure::input, "cannot open", errno, path.string());
  std::string bytes(size, '\0');
  const ssize_t got = ::pread(file.fd(), bytes.data(), bytes.size(), 0);
  if (got < 0) return fail_errno(Failure::input, "cannot read", errno, path.string());
  bytes.resize(static_cast<std::size_t>(got));
  return bytes;
}

}  // namespace

std::string first_bytes(const fs::path& path, std::size_t size) {
  return read_first(path, size).value_or("");
}

Result<FileHead> read_file_head(const fs::path& path) {
  if (auto regular = check_regular(path); !regular) return pass_on(regular);
  const Result<std::string> first = read_first(path, kHeadSize);
  if (!first) return pass_on(first);
  const std::string& bytes = *first;
  if (bytes.size() < kHeadSize || !bytes.starts_with(kMagic)) return fail_not_sqlite(bytes, path);
  FileHead head;
  head.has_log = bytes[18] == 2;
  head.application_id = static_cast<std::int64_t>(big_endian(bytes, 68, 4));
  head.user_version = static_cast<std::int64_t>(big_endian(bytes, 60, 4));
  std::error_code error;
  head.file_bytes = fs::file_size(path, error);
  const std::uint64_t page_size = big_endian(bytes, 16, 2);
  if (big_endian(bytes, 24, 4) == big_endian(bytes, 92, 4))
    head.stated_bytes = (page_size == 1 ? 65536 : page_size) * big_endian(bytes, 28, 4);
  return head;
}

}  // namespace pw
