// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/job.h"

#include "model/names.h"

namespace pw {
namespace {

constexpr Names<RankState, 3> kRankStates = {
    {{RankState::ended, "ended"}, {RankState::unfinished, "unfinished"}, {RankState::missing, "missing"}}};

}  // namespace

std::string_view to_text(RankState state) { return name_in(kRankStates, state); }
std::optional<RankState> rank_state(std::string_view text) { return value_in(kRankStates, text); }

}  // namespace pw
