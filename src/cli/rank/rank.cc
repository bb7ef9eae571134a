// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/rank/rank.h"

#include <string>
#include <vector>

#include "job/rank/rank_child.h"
#include "job/rank/rank_run.h"
#include "options/options.h"
#include "options/report.h"
#include "options/words.h"

namespace pw {
namespace {

int report_no_job() {
  return report_error({Failure::input, "it is in no job", "rank",
                       "perfwatt run -o job.perfwatt -- mpirun -n 8 perfwatt rank -- COMMAND"});
}

int finish(const Result<RankEnd>& end) {
  if (!end) return report_error(end.error());
  if (!end->lost.empty()) warn("what this rank measured is lost: " + end->lost);
  return end_as(end->wait_status);
}

}  // namespace

int rank_command(int argc, char** argv) {
  CLI::App app("Measures one rank of a job, within perfwatt run -- mpirun or srun", "perfwatt rank");
  RankRequest request;
  double execution = 0, watch = 0;
  add_text(app, "--job", request.job, "DIR", "the job's folder: perfwatt run puts it here");
  add_number(app, "--execution", execution, "N", {1, 1e9, true}, "the number of the execution: likewise");
  add_number(app, "--watch", watch, "SECONDS", {1e-3, 1e9},
             "of its node's idle power, and no command: likewise");
  app.footer(
      "Examples:\n"
      "  perfwatt run -n 5 -o job.perfwatt -- mpirun -n 8 perfwatt rank -- ./app\n"
      "  salloc -N 4 -n 64 perfwatt run -o job.perfwatt -- srun perfwatt rank -- ./app\n"
      "The exit status is the command's, or 2 where it is no rank of a job.");
  const TypedWords words = read_words(app, argc, argv, true);
  if (const auto status = parse_options(app, words.own, argv, " [--] COMMAND [ARG...]")) return *status;
  request.command = {argv + words.first_operand, argv + argc};
  request.execution = static_cast<int>(execution);
  if (watch > 0 && !request.command.empty())
    return report_error({Failure::input, "it watches idle power, and runs no command", "--watch",
                         "leave one of them out: perfwatt run gives it where no command is to run"});
  if (request.job.empty() || request.execution == 0) return report_no_job();
  if (watch > 0) return finish(watch_rank({request.job, request.execution, {watch}}));
  if (request.command.empty())
    return report_error(
        {Failure::input, "no command to measure", "rank", "put it last: perfwatt rank -- COMMAND"});
  return finish(run_rank(std::move(request)));
}

}  // namespace pw
