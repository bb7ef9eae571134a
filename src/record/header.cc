// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/header.h"

#include "machine/machine.h"
#include "os/clock.h"
#include "os/root.h"

namespace pw {

RecordingHeader header_now(const Experiment& experiment) {
  RecordingHeader header;
  header.version = PERFWATT_VERSION;
  header.experiment = experiment;
  header.machine = describe_machine(Root());
  header.start = monotonic_now();
  header.start_unix_s = wall_clock_unix_s();
  return header;
}

void add_counting(RecordingHeader& header, const Counting& counting) {
  for (const ResolvedEvent& resolved : counting.plan.events) header.events.push_back(resolved.event);
  header.passes = counting.plan.passes;
  header.counting_cost = counting.cost;
}

void add_power(RecordingHeader& header, const Sampler& sampler) {
  header.sources = sampler.sources();
  header.channels = sampler.channels();
}

}  // namespace pw
