// SPDX-License-Identifier: GPL-3.0-or-later
// Memory that is handed to the measured command as a file, whose size nobody can change any more.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "os/descriptor.h"

namespace pw {

// Zeroes behind `head`; only what is written takes memory. Nothing where the kernel has none.
std::optional<Descriptor> sealed_memory(const char* name, std::span<const char> head, std::size_t bytes);

// Its first bytes; fewer where it cannot be read.
std::string read_memory(int fd, std::size_t bytes);

}  // namespace pw
