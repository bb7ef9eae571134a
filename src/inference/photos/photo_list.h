// SPDX-License-Identifier: GPL-3.0-or-later
// Which photos to classify.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace pw::inference {

struct PhotoFile {
  std::string path;
  std::string name;  // as it is shown: the file name where one folder was given, else the path
};

struct PhotoList {
  std::vector<PhotoFile> photos;
  int ignored = 0;  // other things in the folders
};

// The given photos, and those of the given folders (not of folders inside) in the order of their file names
// (of the bytes): what is named as a JPEG file is, though its link leads nowhere, or starts as one. Hidden
// files are left out. Errors (Failure::input): nothing there of that name, no photo at all.
Result<PhotoList> list_photos(const std::vector<std::string>& given);

}  // namespace pw::inference
