// SPDX-License-Identifier: GPL-3.0-or-later
#include "facts/data_files.h"

namespace pw {

std::string_view data_text(std::string_view path) {
  for (const DataFile& file : data_files())
    if (file.path == path) return file.text;
  return {};
}

}  // namespace pw
