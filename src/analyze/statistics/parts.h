// SPDX-License-Identifier: GPL-3.0-or-later
// What the parts of an uncertainty of 95 % are made of.
#pragma once

namespace pw {

inline constexpr double kUniform95 = 0.95;  // of a value uniform within ± 1, 95 % lie within ± 0.95
inline constexpr double kNormal95 = 1.96;   // of a sum of many, in standard deviations

constexpr double square(double x) { return x * x; }

}  // namespace pw
