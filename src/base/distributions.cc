// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/distributions.h"

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace pw {
namespace {

namespace bm = boost::math;

// Not through long double: that of POWER is two doubles, and slow.
using InDouble = bm::policies::policy<bm::policies::promote_double<false>>;
const bm::normal_distribution<double, InDouble> kNormal;

}  // namespace

double student_t_975(int degrees) {
  return bm::quantile(bm::students_t_distribution<double, InDouble>(degrees), 0.975);
}

double student_t_two_sided(double t, double degrees) {
  const bm::students_t_distribution<double, InDouble> distribution(degrees);
  return 2 * bm::cdf(bm::complement(distribution, t < 0 ? -t : t));
}

double student_t_quantile(double p, double degrees) {
  return bm::quantile(bm::students_t_distribution<double, InDouble>(degrees), p);
}

double normal_cdf(double z) { return bm::cdf(kNormal, z); }

double normal_quantile(double p) { return bm::quantile(kNormal, p); }

double normal_two_sided(double z) { return 2 * bm::cdf(bm::complement(kNormal, z < 0 ? -z : z)); }

}  // namespace pw
