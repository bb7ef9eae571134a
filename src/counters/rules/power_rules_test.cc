// SPDX-License-Identifier: GPL-3.0-or-later
#include "counters/rules/power_rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "base/text.h"
#include "facts/hardware_events.h"
#include "model/event.h"
#include "os/file.h"

namespace pw {
namespace {

using testing::IsEmpty;
using testing::Optional;

// A set of codes and whether a real kernel opened it as one group: a line of testdata.
struct Answer {
  std::string line;
  std::vector<std::uint64_t> codes;
  bool accepted;
};

std::vector<std::uint64_t> studys_eight(std::string_view cpu) {
  std::vector<std::uint64_t> codes;
  for (const std::string_view name : kStudyEvents) {
    const auto fact = find_portable(cpu, name);
    codes.push_back(fact ? fact->code : name.ends_with("frontend") ? 0x100f8 : 0x30008);
  }
  return codes;
}

std::vector<std::uint64_t> codes_of(const std::string& set, std::string_view cpu, std::string_view file) {
  std::vector<std::uint64_t> codes;
  if (file == "eight") {
    const auto all = studys_eight(cpu);
    const auto mask = parse_integer(set).value();
    for (std::size_t i = 0; i < all.size(); ++i)
      if (mask >> i & 1) codes.push_back(all[i]);
  } else {
    for (const std::string& code : split(set, ',')) codes.push_back(parse_hex(code).value());
  }
  return codes;
}

std::vector<Answer> answers(std::string_view cpu, std::string_view file) {
  const char* source = std::getenv("PERFWATT_SOURCE_DIR");
  const std::filesystem::path folder =
      std::filesystem::path(source ? source : ".") / "src/counters/rules/testdata";
  const auto text = read_file(folder / (std::string(cpu) + "-" + std::string(file) + ".txt"));
  std::vector<Answer> found;
  if (!text) return found;
  for (const std::string& line : split(*text, '\n')) {
    if (line.empty() || line.front() == '#') continue;
    const std::vector<std::string> words = split(line, ' ');
    found.push_back({line, codes_of(words[0], cpu, file), words[1] == "accepted"});
  }
  return found;
}

struct Stored {
  std::string_view cpu;
  std::string_view file;
  std::size_t lines;
};

class Kernel : public testing::TestWithParam<Stored> {};

TEST_P(Kernel, IsAgreedWithInEveryAnswer) {
  const auto [cpu, file, lines] = GetParam();
  const auto all = answers(cpu, file);
  EXPECT_EQ(all.size(), lines);
  std::vector<std::string> wrong;
  for (const Answer& answer : all)
    if (group_fits(power_cpu(cpu).value(), answer.codes) != answer.accepted) wrong.push_back(answer.line);
  EXPECT_THAT(wrong, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Emulated, Kernel,
                         testing::Values(Stored{"power8", "eight", 255}, Stored{"power8", "raw", 2011},
                                         Stored{"power8", "all", 2257}, Stored{"power8", "fields", 1151},
                                         Stored{"power9", "eight", 255}, Stored{"power9", "raw", 2130},
                                         Stored{"power9", "all", 2154}, Stored{"power9", "fields", 1151},
                                         Stored{"power10", "eight", 255}, Stored{"power10", "raw", 2130},
                                         Stored{"power10", "all", 2146}, Stored{"power10", "fields", 1151}),
                         [](const auto& test) {
                           return std::string(test.param.cpu) + "_" + std::string(test.param.file);
                         });

TEST(PowerRules, RefuseInWordsWhateverTheyRefuse) {
  for (const std::string_view cpu : known_cpus())
    for (const Answer& answer : answers(cpu, "raw")) {
      std::vector<CodeName> group;
      for (const std::uint64_t code : answer.codes) group.push_back({code, "E"});
      EXPECT_EQ(group_refusal(power_cpu(cpu).value(), group).has_value(), !answer.accepted) << answer.line;
    }
}

TEST(PowerRules, SayWhy) {
  using Group = std::vector<CodeName>;
  const auto why = [](PowerCpu cpu, const Group& group) { return group_refusal(cpu, group); };
  EXPECT_THAT(why(PowerCpu::power9, {{0x4d05e, "branches"}, {0x400f6, "branch-misses"}}),
              Optional(std::string("branches and branch-misses both need PMC4")));
  EXPECT_THAT(why(PowerCpu::power9, {{0x1c050, "A"}, {0x12c050, "B"}}),
              Optional(std::string("A and B want different L1 qualifiers")));
  EXPECT_THAT(why(PowerCpu::power9, {{0x16880, "A"}}),
              Optional(std::string("A is counted only behind an event of L2 or L3 on PMC4")));
  EXPECT_THAT(why(PowerCpu::power9, {{0x46080, "A"}, {0x16082, "B"}}),
              Optional(std::string("A and B want different L2/L3 selectors")));
  EXPECT_THAT(why(PowerCpu::power10, {{0x500f8, "A"}}),
              Optional(std::string("A: PMC5 counts only 0x500fa and PMC6 only 0x600f4")));
  EXPECT_THAT(
      why(PowerCpu::power9,
          {{0x1e, "cycles"}, {0x100fc, "A"}, {0x2c04e, "B"}, {0x300f8, "C"}, {0x400f6, "D"}, {0x4080, "E"}}),
      Optional(std::string("5 events need PMC1 to PMC4: A, B, C, D, E")));
}

}  // namespace
}  // namespace pw
