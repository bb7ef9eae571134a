// SPDX-License-Identifier: GPL-3.0-or-later
// A watch made ready, and run.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "model/sink.h"
#include "os/signals.h"
#include "power/reader/power_kind.h"
#include "power/sampling/sampler.h"
#include "record/watch.h"

namespace pw {

// What `perfwatt power` is asked for.
struct WatchRequest {
  PowerRequest power;  // without a rate: once an interval
  std::string label;
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
