// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "collect/collectors.h"
#include "counters/plan/plan.h"
#include "counters/sets/target.h"
#include "job/rank_plan.h"
#include "model/recording.h"
#include "os/command/child.h"
#include "record/output/captures.h"
#include "record/stop_rule.h"
#include "record/variants/arrangement.h"
#include "regions/region_counters.h"

namespace pw {

// Everything that is settled before the first process is started.
struct Session {
  RecordingHeader header;  // as Sink::begin takes it
  CountingPlan counting;
  CountTarget target;
  CapturePatterns captures;
  ChildOptions child;
  bool show_output = false;
  bool until_signal = false;            // one test of others than the command: Ctrl-C is its usual end
  std::vector<Note> notes;              // refusals of power sources
  std::optional<StopRule> stop_when;    // also of variants; Experiment::tests is then the most there can be
  Arrangement arrangement{};            // of its values: `child` is as typed, {NAME} in their places
  AskedRegions regions{false, {}, {}};  // which are kept
  RegionScope region_scope = RegionScope::none;
  bool job = false;                          // the command is a launcher: its ranks count themselves
  std::optional<RankPower> rank_power = {};  // of their nodes

  int variants() const { return static_cast<int>(arrangement.variants.size()); }
};

}  // namespace pw
