// SPDX-License-Identifier: GPL-3.0-or-later
// What a slab's content says was lost, in words.
#pragma once

#include <string>
#include <vector>

#include "regions/read_slab.h"

namespace pw {

struct Loss {
  std::string kind;  // by which it is told once
  std::string text;  // printable
};

// Why a process counts nothing (pw_uncounted): "its counters were closed"; "" where it counts.
std::string uncounted_text(int why, int error);

std::vector<Loss> losses_of(const SlabContent& content);

}  // namespace pw
