// SPDX-License-Identifier: GPL-3.0-or-later
#include "inference/photos/photo_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <utility>

#include "base/text.h"
#include "inference/photos/jpeg.h"

namespace pw::inference {
namespace fs = std::filesystem;
namespace {

bool named_as_jpeg(const fs::path& path) {
  static constexpr std::array<std::string_view, 5> endings = {".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"};
  std::string ending = path.extension().string();
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return std::find(endings.begin(), endings.end(), ending) != endings.end();
}

bool starts_as_jpeg(const fs::path& path) {
  std::array<char, 3> start{};
  std::ifstream file(path, std::ios::binary);
  file.read(start.data(), start.size());
  return is_jpeg(std::string_view(start.data(), static_cast<std::size_t>(file.gcount())));
}

// What is named as a photo and leads nowhere is one that cannot be read, not a file of another kind.
bool is_photo(const fs::path& path) {
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  if (!fs::exists(status)) return named_as_jpeg(path);
  return fs::is_regular_file(status) && (named_as_jpeg(path) || starts_as_jpeg(path));
}

Result<> add_folder(const fs::path& folder, bool name_only, PhotoList& list) {
  std::error_code error;
  std::vector<std::string> found;
  for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error))
    if (std::string name = entry->path().filename().string(); !name.starts_with('.'))
      found.push_back(std::move(name));
  if (error) return fail_errno(Failure::input, "cannot read the folder", error.value(), folder.string());
  std::sort(found.begin(), found.end());
  for (std::string& name : found) {
    const fs::path path = folder / name;
    if (is_photo(path))
      list.photos.push_back({path.string(), name_only ? std::move(name) : path.string()});
    else
      ++list.ignored;
  }
  return {};
}

tl::unexpected<Error> fail_unseen(const std::string& name, const fs::file_status& status,
                                  std::error_code error) {
  if (!fs::status_known(status)) return fail_errno(Failure::input, "cannot open", error.value(), name);
  std::error_code ignored;
  const bool link = fs::is_symlink(fs::symlink_status(name, ignored));
  return fail(Failure::input, link ? "the link leads nowhere" : "no such photo or folder", name,
              "is its path right from this folder?");
}

}  // namespace

Result<PhotoList> list_photos(const std::vector<std::string>& given) {
  PhotoList list;
  for (const std::string& name : given) {
    std::error_code error;
    const fs::file_status status = fs::status(name, error);
    if (!fs::exists(status)) return fail_unseen(name, status, error);
    if (fs::is_directory(status)) {
      if (const Result<> added = add_folder(name, given.size() == 1, list); !added) return pass_on(added);
    } else if (fs::is_regular_file(status)) {
      list.photos.push_back({name, name});
    } else {
      return fail(Failure::input, "neither a file nor a folder", name, "name photos, or folders of photos");
    }
  }
  if (list.photos.empty())
    return fail(Failure::input, fmt::format("no photo there, {} of other kinds", list.ignored),
                join(given, ", "), "perfwatt reads JPEG files");
  return list;
}

}  // namespace pw::inference
