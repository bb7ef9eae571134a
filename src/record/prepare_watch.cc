// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/prepare_watch.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "power/open/sources.h"
#include "record/feed.h"
#include "record/header.h"
#include "record/waiting/world.h"

namespace pw {
namespace {

constexpr double kFastestHz = 1000;

Experiment watching(const std::string& label) {
  Experiment experiment;
  experiment.command = {std::string(kPowerAlone)};
  experiment.label = label;
  experiment.tests = 1;
  return experiment;
}

Result<OpenedPower> open_sources(const WatchRequest& request) {
  PowerRequest sources = request.power;
  if (!sources.rate_hz) sources.rate_hz = std::min(1 / request.interval.value, kFastestHz);
  auto power = open_power(sources);
  if (!power || !power->readers.empty()) return power;
  return fail(Failure::not_possible,
              power->refusals.empty() ? "no power source was named" : join(power->refusals, "; "), "--power",
              "perfwatt doctor says what would allow it");
}

}  // namespace

Result<PreparedWatch> prepare_watch(const WatchRequest& request) {
  Result<OpenedPower> power = open_sources(request);
  if (!power) return pass_on(power);
  PreparedWatch prepared;
  prepared.signals = std::make_unique<SignalQueue>();
  WatchPlan& plan = prepared.plan;
  plan.header = header_now(watching(request.label));
  prepared.sampler = std::make_unique<Sampler>(std::move(power->readers));
  plan.header.passes.resize(1);
  add_power(plan.header, *prepared.sampler);
  plan.interval = request.interval;
  plan.duration = request.duration;
  plan.refusals = std::move(power->refusals);
  return prepared;
}

Result<Ending> watch(const PreparedWatch& watch, Sink* sink, WatchObserver& observer) {
  SystemWorld world(*watch.signals);
  SamplerFeed feed(*watch.sampler);
  return Watch(watch.plan, world, feed, sink, observer).run();
}

}  // namespace pw
