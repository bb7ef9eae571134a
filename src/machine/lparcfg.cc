// SPDX-License-Identifier: GPL-3.0-or-later
#include "machine/lparcfg.h"

#include "base/text.h"

namespace pw {
namespace {

// The second is its older name.
constexpr const char* kPlaces[] = {"proc/powerpc/lparcfg", "proc/ppc64/lparcfg"};

}  // namespace

std::optional<Lparcfg> Lparcfg::read(const Root& root) {
  std::optional<std::string> content;
  for (const char* place : kPlaces)
    if (!content) content = root.text(place);
  if (!content) return std::nullopt;
  Lparcfg config;
  for (const std::string& line : split(*content, '\n'))
    if (const std::size_t equals = line.find('='); equals != std::string::npos)
      config.values_.emplace(trim(line.substr(0, equals)), trim(line.substr(equals + 1)));
  return config;
}

std::optional<std::string> Lparcfg::text(std::string_view key) const {
  const auto found = values_.find(key);
  return found == values_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<double> Lparcfg::number(std::string_view key) const {
  const auto value = text(key);
  return value ? parse_number(*value) : std::nullopt;
}

}  // namespace pw
