// SPDX-License-Identifier: GPL-3.0-or-later
#include "peaks/peak_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/hash.h"
#include "base/list.h"
#include "os/cpu_set.h"
#include "os/file.h"
#include "peaks/kernels/kernel_sets.h"

namespace pw {
namespace {

using PeakJson = nlohmann::ordered_json;

constexpr const char* kPeaksFormat = "perfwatt peaks 1";
constexpr std::size_t kMostPeakBytes = std::size_t{1} << 20;
constexpr std::size_t kMostConditions = 200;

PeakJson json_of(const Peak& peak) {
  return {{"quantity", peak.quantity},
          {"unit", peak_unit(peak.quantity)},
          {"threads", peak.threads},
          {"best", peak.best()},
          {"median", peak.median()},
          {"rates", peak.rates},
          {"how", peak.how}};
}

std::optional<std::string> text_in(const PeakJson& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? std::optional(found->get<std::string>()) : std::nullopt;
}

std::optional<Peak> peak_in(const PeakJson& json) {
  if (!json.is_object()) return std::nullopt;
  const auto quantity = text_in(json, "quantity"), how = text_in(json, "how");
  const auto threads = json.find("threads"), rates = json.find("rates");
  if (!quantity || !how || threads == json.end() || !threads->is_number_integer() || rates == json.end() ||
      !rates->is_array() || rates->empty() || rates->size() > kMostRepetitions)
    return std::nullopt;
  Peak peak{*quantity, 1, {}, *how};
  for (const PeakJson& rate : *rates) {
    if (!rate.is_number()) return std::nullopt;
    peak.rates.push_back(rate.get<double>());
  }
  const auto count = threads->get<std::int64_t>();
  if (count < 1 || count > kListEnd) return std::nullopt;
  peak.threads = static_cast<int>(count);
  return peak_of(peak_fact(peak));  // which refuses rates that are none
}

std::optional<MachinePeaks> peaks_in(const PeakJson& json, const std::string& key) {
  if (!json.is_object() || text_in(json, "format") != kPeaksFormat || text_in(json, "machine") != key)
    return std::nullopt;
  const auto conditions = json.find("conditions"), list = json.find("peaks");
  if (conditions == json.end() || !conditions->is_object() || conditions->size() > kMostConditions ||
      list == json.end() || !list->is_array() || list->size() > kMostPeaks)
    return std::nullopt;
  MachinePeaks peaks;
  for (const auto& [name, value] : conditions->items()) {
    if (!value.is_string()) return std::nullopt;
    peaks.conditions.push_back({name, value.get<std::string>()});
  }
  for (const PeakJson& one : *list) {
    const auto peak = peak_in(one);
    if (!peak) return std::nullopt;
    peaks.peaks.push_back(*peak);
  }
  return peaks;
}

}  // namespace

std::string peaks_key(const Machine& machine, const std::vector<int>& cpus, const std::string& isa) {
  std::string key;
  for (const char* name : {"arch", "cpu_model", "cpu_revision"}) {
    const auto fact = std::ranges::find(machine, name, &Fact::key);
    key += (fact == machine.end() ? "?" : fact->value) + "; ";
  }
  return fmt::format("{}CPUs {}; {}", key, list_text(cpus), isa);
}

std::string peaks_key_here(const Machine& machine) {
  return peaks_key(machine, CpuSet::usable().cpus(), isa_text(usable_kernels()));
}

std::filesystem::path peaks_folder() { return cache_folder() / "peaks"; }

std::filesystem::path peaks_file(const std::filesystem::path& folder, const std::string& key) {
  return folder / fmt::format("{:016x}.json", fnv1a(key));
}

Result<MachinePeaks> load_peaks(const std::filesystem::path& folder, const std::string& key) {
  const std::filesystem::path file = peaks_file(folder, key);
  std::error_code error;
  if (const auto status = std::filesystem::status(file, error); !std::filesystem::exists(status))
    return MachinePeaks{};
  if (const Result<> ours = check_cache(folder); !ours) return pass_on(ours);
  const auto damaged = [&](const std::string& what) {
    return fail(Failure::input, "the peaks of this machine are not used: " + what, file.string(),
                "perfwatt list peaks --measure measures them again");
  };
  if (std::filesystem::file_size(file, error) > kMostPeakBytes || error)
    return damaged("no file of perfwatt's");
  const Result<std::string> text = read_file(file);
  if (!text) return damaged(text.error().what);
  const auto peaks = peaks_in(PeakJson::parse(*text, nullptr, false), key);
  if (!peaks) return damaged("the file is damaged");
  return *peaks;
}

Result<> save_peaks(const std::filesystem::path& folder, const std::string& key, const MachinePeaks& peaks) {
  if (const Result<> made = make_cache(folder); !made) return made;
  return write_file(peaks_file(folder, key), peaks_json(key, peaks));
}

std::string peaks_json(const std::string& key, const MachinePeaks& peaks) {
  PeakJson json = {{"format", kPeaksFormat}, {"machine", key}, {"conditions", PeakJson::object()}};
  for (const Fact& fact : peaks.conditions) json["conditions"][fact.key] = fact.value;
  json["peaks"] = PeakJson::array();
  for (const Peak& peak : peaks.peaks) json["peaks"].push_back(json_of(peak));
  return json.dump(2, ' ', true, PeakJson::error_handler_t::replace) + "\n";
}

}  // namespace pw
