// SPDX-License-Identifier: GPL-3.0-or-later
// For tests: what a rank told.
#pragma once

#include "job/rank_file.h"

namespace pw::test {

// Of four on two nodes, ended after 1.5 s, with a count of event 0 and none of event 1.
inline RankFile rank_file(int rank) {
  RankFile file;
  file.place = {rank, 4, rank % 2, 2, rank < 2 ? "n1" : "n2", "Open MPI", "0-3,8", "0"};
  file.begin_unix = {1'700'000'000'123'456'789};
  file.elapsed = Nanoseconds{1'500'000'000};
  file.usage = RankUsage{{1.25}, {0.125}, 10240, 5, 3, 100, 1, 0, 0};
  file.readings = {{0, 0xffff'ffff'ffff'fff0, {1000}, {900}, CountStatus::scaled, ""},
                   {1, 0, {}, {}, CountStatus::not_permitted, "perf_event_paranoid is 4"}};
  return file;
}

}  // namespace pw::test
