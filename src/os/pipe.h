// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "os/descriptor.h"

namespace pw {

struct Pipe {
  Descriptor out;  // what is read
  Descriptor in;   // what is written to

  // Both ends are closed by exec. The error is the errno.
  static tl::expected<Pipe, int> open();
};

// What comes until every writer has closed `fd`; of more than `most` bytes the last `most`.
std::string read_to_end(int fd, std::size_t most);

}  // namespace pw
