// SPDX-License-Identifier: GPL-3.0-or-later
#include "facts/hardware_events.h"

#include <array>
#include <string>

#include "base/text.h"
#include "facts/data_files.h"

namespace pw {
namespace {

constexpr std::array<std::string_view, 3> kCpus = {"power8", "power9", "power10"};

// Takes the text up to the first `end` off `rest`.
std::string_view cut(std::string_view& rest, char end) {
  const std::size_t at = rest.find(end);
  const std::string_view first = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return first;
}

std::uint64_t code_of(std::string_view text) {
  if (text.starts_with("0x")) text.remove_prefix(2);
  return parse_hex(text).value_or(0);
}

template <class Take>
void each_line(std::string_view cpu, std::string_view file, Take take) {
  std::string_view text = data_text("events/" + std::string(cpu) + "/" + std::string(file));
  while (!text.empty()) {
    const std::string_view line = cut(text, '\n');
    if (!line.empty() && line.front() != '#') take(line);
  }
}

}  // namespace

std::span<const std::string_view> known_cpus() { return kCpus; }

std::vector<HardwareFact> hardware_facts(std::string_view cpu) {
  std::vector<HardwareFact> facts;
  each_line(cpu, "events.txt", [&](std::string_view line) {
    const std::string_view name = cut(line, ' ');
    const std::uint64_t code = code_of(cut(line, ' '));
    facts.push_back({name, code, line});
  });
  return facts;
}

std::vector<PortableFact> portable_facts(std::string_view cpu) {
  std::vector<PortableFact> facts;
  each_line(cpu, "portable.txt", [&](std::string_view line) {
    const std::string_view name = cut(line, ' ');
    const std::string_view hardware = cut(line, ' ');
    facts.push_back({name, hardware, code_of(line)});
  });
  return facts;
}

std::optional<HardwareFact> find_hardware(std::string_view cpu, std::string_view name) {
  for (const HardwareFact& fact : hardware_facts(cpu))
    if (fact.name == name) return fact;
  return std::nullopt;
}

std::optional<HardwareFact> hardware_of_code(std::string_view cpu, std::uint64_t code) {
  for (const HardwareFact& fact : hardware_facts(cpu))
    if (fact.code == code) return fact;
  return std::nullopt;
}

std::optional<PortableFact> find_portable(std::string_view cpu, std::string_view name) {
  for (const PortableFact& fact : portable_facts(cpu))
    if (fact.name == name) return fact;
  return std::nullopt;
}

}  // namespace pw
