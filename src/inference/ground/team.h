// SPDX-License-Identifier: GPL-3.0-or-later
// The threads that compute a network: libgomp's team of the calling thread, which oneDNN runs on, too.
#pragma once

#include <cstdint>
#include <functional>

namespace pw::inference {

// How many threads the team of the calling thread has from now on.
void set_team_size(int threads);
int team_size();

// Calls task(index, thread) for every index below `count`, shared out as threads become free; `thread` is
// below team_size(). A task must not throw.
void parallel_for(std::int64_t count, const std::function<void(std::int64_t index, int thread)>& task);

// Calls task(thread) once on every thread of the team.
void on_each_thread(const std::function<void(int thread)>& task);

}  // namespace pw::inference
