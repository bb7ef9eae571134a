// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/partition_state.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "machine/lparcfg.h"
#include "os/clock.h"
#include "os/cpu_set.h"

namespace pw {
namespace {

const std::string kCpuFolder = "sys/devices/system/cpu/";

struct Counter {
  std::string_view key, state;
};
constexpr Counter kCounters[] = {{"purr", "lparcfg_purr"},
                                 {"tbr", "lparcfg_tbr"},
                                 {"dispatches", "lparcfg_dispatches"},
                                 {"dispatch_dispersions", "lparcfg_dispersions"},
                                 {"pool_idle_time", "lparcfg_pool_idle"},
                                 {kEntitlement, "lparcfg_entitlement"}};

std::optional<std::uint64_t> register_of(const Root& root, int cpu, const char* name) {
  const auto text = root.text(fmt::format("{}cpu{}/{}", kCpuFolder, cpu, name));
  return text ? parse_hex(*text) : std::nullopt;
}

// Modulo 2^64; nothing where one CPU does not tell.
std::optional<std::string> sum(const Root& root, const std::vector<int>& cpus, const char* name) {
  std::uint64_t all = 0;
  for (const int cpu : cpus) {
    const auto one = register_of(root, cpu, name);
    if (!one) return std::nullopt;
    all += *one;
  }
  return fmt::format("{:x}", all);
}

// /proc/stat's 8th column of all CPUs together.
std::optional<std::string> steal(const Root& root) {
  const std::string text = root.text("proc/stat").value_or("");
  std::vector<std::string> words = split(std::string_view(text).substr(0, text.find('\n')), ' ');
  std::erase(words, "");
  if (words.size() < 9 || words[0] != "cpu" || !parse_integer(words[8])) return std::nullopt;
  return words[8];
}

}  // namespace

PartitionReader::PartitionReader(const Root& root) : lparcfg_(Lparcfg::read(root).has_value()) {
  const std::vector<int> cpus = cpus_online(root);
  if (cpus.empty()) return;
  purr_ = register_of(root, cpus.front(), "purr").has_value();
  spurr_ = register_of(root, cpus.front(), "spurr").has_value();
}

void PartitionReader::add(FactList& facts, const Root& root) const {
  facts.add("steal_ticks", steal(root));
  if (!lparcfg_ && !purr_ && !spurr_) return;
  const Nanoseconds begin = monotonic_now();
  if (const auto lpar = lparcfg_ ? Lparcfg::read(root) : std::nullopt)
    for (const auto& [key, state] : kCounters) facts.add(state, lpar->text(key));
  const Nanoseconds registers = monotonic_now();
  const std::vector<int> cpus = cpus_online(root);
  if (purr_) facts.add("cpu_purr", sum(root, cpus, "purr"));
  if (spurr_) facts.add("cpu_spurr", sum(root, cpus, "spurr"));
  if (purr_) facts.add("cpu_purr_ns", std::to_string(registers.value));
  facts.add("partition_read_us", std::to_string((monotonic_now() - begin).value / 1000));
}

}  // namespace pw
