// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/target_options.h"

#include "cli/common.h"

namespace pw {

void add_target_options(CLI::App& app, TypedTarget& typed) {
  TargetRequest& request = typed.request;
  app.add_option("-p,--pid", request.processes, "count these processes until COMMAND ends, or they do")
      ->type_name("PID,..");
  app.add_flag("-a,--all-cpus", request.all_cpus, "count everything on every CPU while COMMAND runs");
  app.add_option("-C,--cpu", request.cpus, "count everything on these CPUs")->type_name("LIST");
  app.add_option("--per", request.per, "counts per thread, or with -a or -C per core, socket, cpu")
      ->type_name("WHAT")
      ->check(one_of({"thread", "core", "socket", "cpu"}));
  add_number(app, "--interval", typed.interval_ms, "MS", {1, 1e9},
             "also read the counters every MS milliseconds");
  add_number(app, "--delay", typed.delay_ms, "MS", {1, 1e9},
             "start the counters that long after the command");
}

TargetRequest target_request(const TypedTarget& typed) {
  TargetRequest request = typed.request;
  if (typed.interval_ms > 0) request.interval = Seconds{typed.interval_ms / 1000};
  if (typed.delay_ms > 0) request.delay = Seconds{typed.delay_ms / 1000};
  return request;
}

}  // namespace pw
