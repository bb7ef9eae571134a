// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "analyze/analysis.h"

namespace pw::test {

// Of test_recording(), with numbers that no formula would find.
inline Analysis test_analysis() {
  EnergyRow measured;
  measured.test = 1;
  measured.pass = 1;
  measured.source = "dcmi (simulated)";
  measured.channel = "system";
  measured.seconds = {1};
  measured.gross = Joules{300.5};
  measured.idle = Watts{200};
  measured.net = Joules{100.5};
  measured.mean = Watts{300.5};
  measured.peak = Watts{301.5};
  measured.uncertainty = Joules{12.25};
  measured.coverage = 1;
  measured.gross_per_item = Joules{0.601};
  measured.net_per_item = Joules{0.201};
  measured.status = EnergyStatus::measured;
  EnergyRow none;
  none.test = 2;
  none.pass = 2;
  none.source = "occ";
  none.channel = "proc0";
  none.seconds = {0.125};
  none.reason = "no sample, not one";
  EnergyRow warmup = measured;
  warmup.test = 0;
  CrossCheck check{
      "whole machine", "dcmi (simulated)", "system", "occ", "PWRSYS", 1.02, Watts{-3.5}, {}, 2, 1};
  Validity validity{"occ",
                    "proc0",
                    {{"idle", Verdict::fail, "no idle level after"},
                     {"throttling", Verdict::unknown, "this machine counts no throttle events"}}};
  SamplerCost sampler{"occ", 0.002, Watts{0.05}};
  SummaryRow elapsed;
  elapsed.quantity = "elapsed";
  elapsed.unit = "s";
  elapsed.n = 2;
  elapsed.mean = elapsed.median = 1.25;
  elapsed.ci95_low = elapsed.least = 1;
  elapsed.ci95_high = elapsed.most = 1.5;
  elapsed.deviation = 0.25;
  elapsed.cv = 0.2;
  SummaryRow uncounted;
  uncounted.quantity = "cycles";
  uncounted.status = "not-permitted";
  uncounted.reason = "why, not";
  Analysis analysis;
  analysis.summary = {elapsed, uncounted};
  analysis.power.channels.resize(2);
  analysis.power.channels[0].energy = {measured, warmup};
  analysis.power.channels[1].energy = {none};
  analysis.power.channels[1].lag = SensorLag{{0.5}, {0.05}};
  analysis.power.channels[1].validity = validity;
  analysis.power.cross_checks = {check};
  analysis.power.samplers = {sampler};
  analysis.findings = {
      {"threads-on-cores", "more threads than cores", FindingStatus::applies, "8 threads, 4 cores",
       "OMP_NUM_THREADS=4 perfwatt run -- COMMAND", "a \"source\"", "threads > cores"},
      {"swap", "the machine swapped", FindingStatus::unknown, "not read", "", "proc(5)", "in > 0"}};
  return analysis;
}

}  // namespace pw::test
