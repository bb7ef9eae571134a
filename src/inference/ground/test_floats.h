// SPDX-License-Identifier: GPL-3.0-or-later
// For the tests: numbers to compute with.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pw::inference::test {

using Floats = std::vector<float>;

// `count` numbers from -1 to 1, the same every time.
inline Floats some_floats(std::size_t count, std::uint32_t seed = 1) {
  Floats floats(count);
  for (float& value : floats) {
    seed = seed * 1664525U + 1013904223U;
    value = static_cast<float>(seed >> 8) / 8388608.0F - 1.0F;
  }
  return floats;
}

// 0, 1, 2, ...
inline Floats counting(std::size_t count, float first = 0) {
  Floats floats(count);
  for (std::size_t i = 0; i < count; ++i) floats[i] = first + static_cast<float>(i);
  return floats;
}

}  // namespace pw::inference::test
