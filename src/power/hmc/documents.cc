// SPDX-License-Identifier: GPL-3.0-or-later
#include "power/hmc/documents.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "power/hmc/xml.h"
#include "power/http/date.h"
#include "power/http/json.h"

namespace pw {
namespace {

constexpr std::size_t kMostLinks = 64, kMostThings = 10'000, kMostSamples = 2000;
constexpr std::size_t kLongestPath = 1024, kLongestName = 256;
constexpr std::string_view kPcmPath = "/rest/api/pcm/";
constexpr std::int64_t kLongestSample = 3600;  // s
constexpr double kLatest = 7e9;                // UNIX seconds that fit into nanoseconds
constexpr double kOk = 0, kFailed = 1;         // sampleInfo.status; 2: partial

bool plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

std::string text_in(const Json& object, const char* name) {
  const Json& value = member(object, {name});
  return value.is_string() ? printable(value.get_ref<const std::string&>()).substr(0, kLongestName) : "";
}

// The first of an array, AVG; nothing where it is none that can be.
std::optional<double> mean_in(const Json& values) {
  if (!values.is_array() || values.empty()) return std::nullopt;
  const auto value = number_in(values[0]);
  return value && *value >= 0 ? value : std::nullopt;
}

std::optional<double> units_in(const Json& owner) {
  return mean_in(member(owner, {"processor", "utilizedProcUnits"}));
}

// Of all; nothing where one of them does not tell.
std::optional<double> sum_of_units(const Json& owners) {
  if (!owners.is_array()) return std::nullopt;
  double sum = 0;
  for (const Json& owner : owners) {
    const auto units = units_in(owner);
    if (!units) return std::nullopt;
    sum += *units;
  }
  return sum;
}

std::string upper(std::string_view text) {
  std::string all(text);
  std::ranges::transform(all, all.begin(), [](unsigned char c) { return std::toupper(c); });
  return all;
}

std::optional<double> units_of(const Json& partitions, std::string_view uuid) {
  if (!partitions.is_array()) return std::nullopt;
  for (const Json& each : partitions)
    if (uuid.empty() || upper(text_in(each, "uuid")) == upper(uuid)) return units_in(each);
  return std::nullopt;
}

void take_values(const Json& sample, std::string_view uuid, HmcSample& into) {
  if (const auto watts = mean_in(member(sample, {"energyUtil", "powerUtil", "powerReading"})))
    into.watts = Watts{*watts};
  const Json& server = member(sample, {"serverUtil"});
  into.total = mean_in(member(server, {"processor", "totalProcUnits"}));
  into.utilized = units_in(server);
  into.firmware = mean_in(member(sample, {"systemFirmwareUtil", "utilizedProcUnits"}));
  into.virtual_io = sum_of_units(member(sample, {"viosUtil"}));
  into.partition = units_of(member(sample, {"lparsUtil"}), uuid);
}

std::optional<HmcSample> sample_in(const Json& sample, std::int64_t seconds, std::string_view uuid) {
  const auto stamp = iso_date(text_in(member(sample, {"sampleInfo"}), "timeStamp"));
  const auto status = number_in(member(sample, {"sampleInfo", "status"}));
  if (!stamp || !status || stamp->unix_s < 0 || stamp->unix_s > kLatest) return std::nullopt;
  HmcSample found;
  found.stamp = static_cast<std::int64_t>(stamp->unix_s);
  found.seconds = seconds;
  found.whole = *status == kOk;
  if (*status != kFailed) take_values(sample, uuid, found);
  return found;
}

}  // namespace

std::string session_token(std::string_view xml) {
  for (XmlElements elements(xml); elements.next();)
    if (elements.name() == "X-API-Session") {
      std::string token = elements.text();
      return plain(token) ? token : "";
    }
  return "";
}

std::optional<std::vector<HmcThing>> quick_list(std::string_view json, const char* name) {
  const auto list = parse_json(json);
  if (!list || !list->is_array()) return std::nullopt;
  std::vector<HmcThing> things;
  for (const Json& each : *list) {
    HmcThing thing{text_in(each, "UUID"), text_in(each, name), text_in(each, "MTMS")};
    const bool usable = !thing.uuid.empty() && std::ranges::all_of(thing.uuid, [](unsigned char c) {
      return std::isalnum(c) || c == '-';
    });
    if (usable && things.size() < kMostThings) things.push_back(std::move(thing));
  }
  return things;
}

PcmPreferences pcm_preferences(std::string_view xml) {
  PcmPreferences found;
  const std::pair<std::string_view, std::optional<bool>*> names[] = {
      {"EnergyMonitoringCapable", &found.capable},
      {"EnergyMonitorEnabled", &found.energy},
      {"AggregationEnabled", &found.aggregation}};
  for (XmlElements elements(xml); elements.next();)
    for (const auto& [name, value] : names) {
      if (elements.name() != name) continue;
      const std::string text = elements.text();
      if (text == "true" || text == "false") *value = text == "true";
    }
  return found;
}

std::optional<std::vector<std::string>> metrics_paths(std::string_view xml) {
  std::vector<std::string> paths;
  if (trim(xml).empty()) return paths;
  XmlElements elements(xml);
  if (!elements.next() || elements.name() != "feed") return std::nullopt;
  while (elements.next() && paths.size() < kMostLinks) {
    if (elements.name() != "link" || elements.attribute("type") != "application/json") continue;
    const std::string href = elements.attribute("href").value_or("");
    const std::size_t at = href.find(kPcmPath);
    if (at == std::string::npos) continue;
    std::string path = href.substr(at);
    if (path.size() <= kLongestPath && plain(path) && path.find("..") == std::string::npos)
      paths.push_back(std::move(path));
  }
  return paths;
}

std::optional<std::vector<HmcSample>> hmc_samples(std::string_view json, std::string_view uuid) {
  // The rest of what may be megabytes.
  const auto document = parse_json(json, {"network", "storage", "memory", "thermalUtil", "sharedMemoryPool",
                                          "sharedProcessorPool", "physicalProcessorPool", "errorInfo"});
  if (!document) return std::nullopt;
  const Json& list = member(*document, {"systemUtil", "utilSamples"});
  if (!list.is_array()) return std::nullopt;
  const double told = number_in(member(*document, {"systemUtil", "utilInfo", "frequency"})).value_or(0);
  const bool sane = told >= 1 && told <= static_cast<double>(kLongestSample);
  std::vector<HmcSample> samples;
  for (const Json& each : list) {
    if (samples.size() == kMostSamples) break;
    if (auto sample = sample_in(each, sane ? static_cast<std::int64_t>(told) : HmcSample{}.seconds, uuid))
      samples.push_back(*sample);
  }
  std::ranges::stable_sort(samples, {}, &HmcSample::stamp);
  return samples;
}

}  // namespace pw
