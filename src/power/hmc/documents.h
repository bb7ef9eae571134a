// SPDX-License-Identifier: GPL-3.0-or-later
// What a console answers, read without trusting it. Names are those of IBM's Hardware Management Console REST
// interface: Logon; quick/All lists (UUID, SystemName, MTMS, PartitionName); ManagedSystemPcmPreference; the
// Atom feeds of ProcessedMetrics and the JSON behind their links (systemUtil). Sources: IBM's documentation
// POWER9_REF p9ehl (apis/ManagedSystemPCMPreferences, apis/ProcessedMetricsManagedSystem,
// appendix/pcm/EM_Processed_Aggregated_JSON_Specification), and the answers of a 9009-42A that
// github.com/mnellemann/hmci has in src/test/resources.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/units.h"

namespace pw {

// X-API-Session; "": there is none.
std::string session_token(std::string_view xml);

struct HmcThing {  // a managed system or a partition
  std::string uuid;
  std::string name;
  std::string mtms;  // "9009-42A*1234567"; "": not told
};
// Nothing where `json` is no such list. `name`: the member that names them.
std::optional<std::vector<HmcThing>> quick_list(std::string_view json, const char* name);

// Each nothing where it is not told.
struct PcmPreferences {
  std::optional<bool> capable;      // EnergyMonitoringCapable
  std::optional<bool> energy;       // EnergyMonitorEnabled
  std::optional<bool> aggregation;  // AggregationEnabled
};
PcmPreferences pcm_preferences(std::string_view xml);

// The paths of a feed's links to JSON, in its order, at most 64: the host that they name is the console as it
// calls itself. Nothing where `xml` is no Atom feed; an empty answer is an empty one.
std::optional<std::vector<std::string>> metrics_paths(std::string_view xml);

// A mean over the `seconds` before `stamp`, UNIX seconds of the console's clock.
struct HmcSample {
  std::int64_t stamp = 0;
  std::int64_t seconds = 30;
  bool whole = true;  // status 0; else a part of it failed
  std::optional<Watts> watts;
  // Processor units.
  std::optional<double> total, utilized, virtual_io, firmware;  // of a managed system
  std::optional<double> partition;                              // of a partition
};
// In the order of time. Nothing where `json` is no such document. Of several partitions that with `uuid`.
// What failed as a whole (status 1) has no values.
std::optional<std::vector<HmcSample>> hmc_samples(std::string_view json, std::string_view uuid = "");

}  // namespace pw
