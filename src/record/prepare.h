// SPDX-License-Identifier: GPL-3.0-or-later
// An experiment made runnable, and run.
#pragma once

#include <memory>

#include "base/result.h"
#include "job/job_folder.h"
#include "model/sink.h"
#include "os/signals.h"
#include "power/sampling/sampler.h"
#include "record/check_run.h"
#include "record/plan_counting.h"
#include "record/recorder.h"
#include "record/session.h"

namespace pw {

struct PreparedRun {
  Session session;
  std::unique_ptr<SignalQueue> signals;
  std::unique_ptr<Sampler> sampler;  // null: no power source
  std::unique_ptr<JobFolder> job;    // null: the command is no job
};

// Opens the power sources and starts to sample. Errors: open_power's, resolve_stop's and JobFolder's.
Result<PreparedRun> prepare_run(CheckedRun run, Counting counting);

// Recorder::run on this machine.
Result<Outcome> record(const PreparedRun& run, Sink& sink, Observer& observer);

}  // namespace pw
