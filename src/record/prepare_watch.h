// SPDX-License-Identifier: GPL-3.0-or-later
// A watch made ready, and run.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "model/sink.h"
#include "os/signals.h"
#include "power/sampling/sampler.h"
#include "record/watch.h"

namespace pw {

// What `perfwatt power` is asked for.
struct WatchRequest {
  std::string power;  // sources; "": the best that works
  std::string password_file, label;
  std::optional<double> rate_hz;  // nothing: once an interval
  Seconds interval = {1};
  std::optional<Seconds> duration;  // nothing: until a signal
};

struct PreparedWatch {
  WatchPlan plan;
  std::unique_ptr<SignalQueue> signals;
  std::unique_ptr<Sampler> sampler;
};

// Opens the power sources and starts to sample. Errors: open_power's; not_possible where none works.
Result<PreparedWatch> prepare_watch(const WatchRequest& request);

// Watch::run on this machine.
Result<Ending> watch(const PreparedWatch& watch, Sink* sink, WatchObserver& observer);

}  // namespace pw
