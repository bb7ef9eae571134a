// SPDX-License-Identifier: GPL-3.0-or-later
#include "job/rank/rank_task.h"

#include <fmt/format.h>

#include <optional>
#include <system_error>
#include <utility>

#include "job/job_folder.h"
#include "job/launcher.h"
#include "job/placement.h"
#include "os/file.h"

namespace pw {
namespace fs = std::filesystem;
namespace {

Result<RankPlan> plan_of(const fs::path& folder) {
  const fs::path path = plan_path(folder);
  const Result<std::string> text = read_kernel_file(path);
  if (text) return parse_rank_plan(*text, Root(), path.string());
  return fail(Failure::input, "the job's folder cannot be read here: " + text.error().what, path.string(),
              "put it on a disk that every node sees: perfwatt run --job-dir DIR");
}

Result<RankPlace> own_place() {
  std::optional<RankPlace> place = launched_as(own_variable);
  if (!place)
    return fail(Failure::input, "no launcher says which rank this is", "rank",
                "start it by a launcher that is known: " + known_launchers());
  add_placement(*place, own_variable, Root());
  return std::move(*place);
}

}  // namespace

Result<RankTask> rank_task(const std::string& job, int execution) {
  const fs::path folder = execution_folder(job, execution);
  Result<RankPlan> plan = plan_of(folder);
  if (!plan) return pass_on(plan);
  Result<RankPlace> place = own_place();
  if (!place) return pass_on(place);
  fs::path path = rank_path(folder, place->rank);
  std::error_code error;
  if (fs::exists(path, error))
    return fail(Failure::input, fmt::format("rank {} of this execution has begun before", place->rank),
                "rank", "start one launcher a command: each execution has each rank once");
  return RankTask{std::move(path), std::move(*place), std::move(*plan)};
}

}  // namespace pw
