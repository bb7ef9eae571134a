// SPDX-License-Identifier: GPL-3.0-or-later
// The text files of data/events and data/findings, put into the program when it is built.
#pragma once

#include <span>
#include <string_view>

namespace pw {

struct DataFile {
  std::string_view path;  // below data: "events/power9/events.txt"
  std::string_view text;
};

std::span<const DataFile> data_files();

// "" where there is no such file.
std::string_view data_text(std::string_view path);

}  // namespace pw
