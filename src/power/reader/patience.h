// SPDX-License-Identifier: GPL-3.0-or-later
// How long sensors that are busy or slow are waited for.
#pragma once

#include <chrono>
#include <thread>

#include "base/units.h"
#include "os/clock.h"
#include "power/reader/backoff.h"

namespace pw {

// Of a source that is named: design §3, exit status 3.
inline constexpr Nanoseconds kOpenPatience{15'000'000'000};
// Between its tries.
inline constexpr Nanoseconds kLongestOpening{4'000'000'000};

// `open(transient)` until it succeeds, or fails for good (not transient), or another try as long as the last
// would not end within `patience`.
template <class Open>
auto open_patiently(Nanoseconds patience, Open open) {
  const Nanoseconds give_up = monotonic_now() + patience;
  Backoff backoff(kLongestOpening);
  while (true) {
    bool transient = false;
    const Nanoseconds begin = monotonic_now();
    auto reader = open(transient);
    const Nanoseconds end = monotonic_now();
    if (reader || !transient) return reader;
    const Nanoseconds again = backoff.failed(end);
    if (again + (end - begin) > give_up) return reader;
    std::this_thread::sleep_for(std::chrono::nanoseconds((again - end).value));
  }
}

}  // namespace pw
