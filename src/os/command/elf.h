// SPDX-License-Identifier: GPL-3.0-or-later
// What the head of a program says about where it runs.
#pragma once

#include <cstddef>
#include <string>

namespace pw {

// The first bytes of the file, as many as `most`; "" where it cannot be read. Waits for no pipe.
std::string head_of(const std::string& path, std::size_t most);

// Why this machine cannot execute the file: for another machine, its loader is not there, no program at all.
// "" where none of these is seen. Only after an exec has failed: emulators execute more.
std::string why_not_run(const std::string& path);

}  // namespace pw
