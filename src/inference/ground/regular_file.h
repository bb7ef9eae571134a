// SPDX-License-Identifier: GPL-3.0-or-later
// Files of strangers: never a pipe or a device, which may have no end, and never more than is wanted.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "base/result.h"
#include "os/descriptor.h"

namespace pw::inference {

// For reading; opening does not wait. Failure::input: what is no regular file.
Result<Descriptor> open_regular(const std::filesystem::path& path);

// In bytes.
Result<std::size_t> regular_size(const std::filesystem::path& path);

// Its bytes; Failure::input where there are more than `most`.
Result<std::string> read_regular(const std::filesystem::path& path, std::size_t most);

}  // namespace pw::inference
