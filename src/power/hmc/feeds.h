// SPDX-License-Identifier: GPL-3.0-or-later
// The console's processed metrics: means over 30 s, which it keeps for 2 h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "power/hmc/documents.h"
#include "power/hmc/find.h"
#include "power/hmc/session.h"

namespace pw {

enum class HmcFeed { energy, server, partition };

inline constexpr std::int64_t kKept = 240;  // samples of 30 s in 2 h

// The latest `count` samples, in the order of time; none where there are none (204). Nothing where it failed:
// session.last() says why.
std::optional<std::vector<HmcSample>> latest_samples(HmcSession& session, const HmcFound& found, HmcFeed feed,
                                                     std::int64_t count);

}  // namespace pw
