// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "os/files/file_set.h"

namespace pw {

// The first line of NAME.gp begins so, which tells perfwatt's figures from others' files.
std::string first_words(const std::string& figure);

// What an older plot left in `folder` that would lie beside `files`, the script, data and pictures of the
// figures of a new one: figures that the new one does not have, and pictures of other data. Fails (input)
// where a file is in the way of one of `files` that no plot left there.
Result<std::vector<std::string>> stale_figures(const Folder& folder, const std::vector<NamedText>& files);

}  // namespace pw
