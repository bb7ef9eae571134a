// SPDX-License-Identifier: GPL-3.0-or-later
// What a POWER partition is granted, what it may read about that, and in which mode its server runs.
#include <fmt/format.h>

#include <algorithm>

#include "machine/lparcfg.h"
#include "machine/machine_parts.h"

namespace pw {
namespace {

const std::string kTree = "proc/device-tree/";
const std::string kScales = "sys/firmware/papr/energy_scale_info/";
constexpr std::size_t kMostScales = 32;

struct Named {
  std::string_view key, fact;
};

// Of lparcfg, as they stand there.
constexpr Named kGranted[] = {{"partition_active_processors", "virtual_processors"},
                              {"partition_potential_processors", "most_virtual_processors"},
                              {"pool_num_procs", "pool_processors"},
                              {"partition_affinity_score", "affinity_score"},
                              {"power_mode_data", "power_mode_data"}};

// PAPR's attributes by their number, as powerpc-utils' ppc64_cpu.c names them; frequencies are MHz.
constexpr Named kScaleNames[] = {{"1", "power_mode"},      {"2", "idle_power_saver"},
                                 {"3", "power_least_mhz"}, {"4", "power_static_mhz"},
                                 {"6", "power_most_mhz"},  {"8", "processor_folding"}};

std::optional<std::string> flag(const Lparcfg& lpar, std::string_view key, const char* set,
                                const char* unset) {
  const auto value = lpar.number(key);
  return value ? std::optional<std::string>(*value != 0 ? set : unset) : std::nullopt;
}

std::optional<double> entitled_cores(const Lparcfg& lpar) {
  const auto hundredths = lpar.number(kEntitlement);
  return hundredths ? std::optional(*hundredths / 100) : std::nullopt;
}

// All of it in a few words.
std::string share(const Lparcfg& lpar) {
  const auto entitled = entitled_cores(lpar);
  const auto capped = flag(lpar, "capped", ", capped", ", uncapped");
  std::string parts = entitled ? fmt::format(", entitled to {:.2f}", *entitled) : "";
  parts += capped.value_or("");
  if (parts.empty()) return "";
  return flag(lpar, "shared_processor_mode", "shared", "dedicated").value_or("dedicated") + " processors" +
         parts;
}

// Four bytes, the highest first.
std::optional<std::string> partition_number(const Root& root) {
  const auto bytes = root.bytes(kTree + "ibm,partition-no");
  if (!bytes || bytes->size() != 4) return std::nullopt;
  std::uint32_t number = 0;
  for (const char byte : *bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return std::to_string(number);
}

std::optional<std::string> or_else(std::optional<std::string> first, std::optional<std::string> second) {
  return first ? first : second;
}

void add_granted(FactList& facts, const Lparcfg& lpar) {
  facts.add("processor_sharing", flag(lpar, "shared_processor_mode", "shared", "dedicated"));
  facts.add("capped", flag(lpar, "capped", "yes", "no"));
  if (const auto cores = entitled_cores(lpar)) facts.add("entitled_cores", exact_number(*cores));
  for (const auto& [key, fact] : kGranted) facts.add(fact, lpar.text(key));
}

std::string said_of_lparcfg(const Root& root, const std::optional<Lparcfg>& lpar) {
  if (lpar) return lpar->text("purr") && lpar->text("tbr") ? "with purr and tbr" : "without purr and tbr";
  return root.exists("proc/powerpc/lparcfg") ? "cannot be read"
                                             : "absent: a kernel without CONFIG_LPARCFG has none";
}

std::string said_of_purr(const Root& root, int cpu) {
  const std::string file = fmt::format("sys/devices/system/cpu/cpu{}/purr", cpu);
  if (!root.exists(file)) return "absent";
  return root.text(file) ? "of each CPU" : "not permitted: this kernel lets root alone read it";
}

std::string scale_fact(std::string_view id) {
  const auto named = std::ranges::find(kScaleNames, id, &Named::key);
  return named == std::end(kScaleNames) ? fmt::format("energy_scale_{}", id) : std::string(named->fact);
}

// "Maximum Performance (3)", or the number alone; of an attribute without a name here with what it is.
std::string scale_value(const Root& root, const std::string& folder, bool named) {
  const std::string value = root.text(folder + "value").value_or("");
  const std::string meaning = root.text(folder + "value_desc").value_or("");
  const std::string what = root.text(folder + "desc").value_or("");
  if (value.empty()) return "";
  const std::string said = meaning.empty() ? value : fmt::format("{} ({})", meaning, value);
  return named || what.empty() ? said : what + ": " + said;
}

void add_energy_scales(FactList& facts, const Root& root) {
  std::size_t scales = 0;
  for (const std::string& id : root.names(kScales)) {
    if (!parse_integer(id) || ++scales > kMostScales) continue;
    const std::string fact = scale_fact(id);
    facts.add(fact, scale_value(root, kScales + id + "/", !fact.starts_with("energy_scale_")));
  }
}

// "2750.000000MHz".
std::optional<std::string> clock_mhz(const CpuInfo& info) {
  const std::string text = info.first({"clock"}).value_or("");
  const auto number = parse_number(text.substr(0, text.find("MHz")));
  return number ? std::optional(exact_number(*number)) : std::nullopt;
}

}  // namespace

void add_partition(FactList& facts, const Root& root, const CpuInfo& info, const Topology& topology) {
  const std::optional<Lparcfg> lpar = Lparcfg::read(root);
  if (lpar) facts.add("partition", share(*lpar));
  if (!info.first({"platform"})) return;
  facts.add("timebase_hz", info.first({"timebase"}));
  facts.add("clock_mhz", clock_mhz(info));
  facts.add("partition_id",
            or_else(lpar ? lpar->text("partition_id") : std::nullopt, partition_number(root)));
  facts.add("partition_name", root.text(kTree + "ibm,partition-name"));
  if (lpar) add_granted(facts, *lpar);
  if (in_partition(info)) facts.add("lparcfg", said_of_lparcfg(root, lpar));
  if (!topology.online.empty()) facts.add("purr", said_of_purr(root, topology.online.front()));
  add_energy_scales(facts, root);
}

}  // namespace pw
