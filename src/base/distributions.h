// SPDX-License-Identifier: GPL-3.0-or-later
// Distributions by Boost.Math (double precision).
#pragma once

namespace pw {

// The 97.5 % quantile of Student's t. `degrees` of freedom: 1 or more.
double student_t_975(int degrees);

// Of Student's t with `degrees` of freedom, which need not be whole: the part that is |t| or more away from
// 0, on both sides; and the t that the part `p` (0 < p < 1) is below.
double student_t_two_sided(double t, double degrees);
double student_t_quantile(double p, double degrees);

// The part of a standard normal distribution below `z`.
double normal_cdf(double z);

// The z that the part `p` of a standard normal distribution is below. `p`: greater than 0, less than 1.
double normal_quantile(double p);

// The part of a normal distribution that is `z` standard deviations or more from its mean, on both sides.
double normal_two_sided(double z);

}  // namespace pw
